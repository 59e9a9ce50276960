using GracefulExit.Guard;

namespace GracefulExit.Unit.Guard;

/// <summary>The file that a guard notes failures in.</summary>
public sealed class GuardLogTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    private string Log => Path.Combine(_directory.FullName, "new", "guard.log");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Is_readable_by_its_user_only_and_grows()
    {
        GuardLog.Add(Log, "first");
        GuardLog.Add(Log, "second");
        Assert.Equal("first\nsecond\n", File.ReadAllText(Log));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Log));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Log)!));
    }

    [Fact]
    public void An_existing_file_becomes_readable_by_its_user_only()
    {
        string file = Path.Combine(_directory.FullName, "existing.log");
        File.WriteAllText(file, "before\n");
        File.SetUnixFileMode(file, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        GuardLog.Add(file, "after");
        Assert.Equal("before\nafter\n", File.ReadAllText(file));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_is_not_followed(bool exists)
    {
        string target = Path.Combine(_directory.FullName, "target");
        string link = Path.Combine(_directory.FullName, "guard.log");
        if (exists)
        {
            File.WriteAllText(target, "content");
        }

        File.CreateSymbolicLink(link, target);
        GuardLog.Add(link, "line");
        Assert.Equal(exists ? "content" : null, File.Exists(target) ? File.ReadAllText(target) : null);
    }

    [Fact]
    public void A_message_is_one_line()
    {
        GuardLog.Add(Log, "a\nb\r\nc\u001b[2J\u2028d\u0085e\t’");
        Assert.Equal("a\\nb\\r\\nc\\u001b[2J\\u2028d\\u0085e\\t’\n", File.ReadAllText(Log));
    }
}
