using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using GracefulExit.Guard;

namespace GracefulExit.Unit.Guard;

/// <summary>Values on their way to a guard: packed, as CliXml, and unpacked.</summary>
public sealed class GuardValueTests
{
    [Flags]
    public enum Colours
    {
        None = 0,
        Red = 1,
        Green = 2,
    }

    public static IEnumerable<TheoryDataRow<string>> Names() => Values.Keys.Select(name => new TheoryDataRow<string>(name));

    /// <summary>Each with its own type, and to be equal afterwards.</summary>
    private static readonly Dictionary<string, object> Values = new()
    {
        ["text"] = "déjà vu\r\n\t<&>\0\u0001 _x0041_ 🦆",
        ["empty text"] = "",
        ["character"] = 'ü',
        ["yes"] = true,
        ["no"] = false,
        ["byte"] = byte.MaxValue,
        ["signed byte"] = sbyte.MinValue,
        ["short"] = short.MinValue,
        ["unsigned short"] = ushort.MaxValue,
        ["integer"] = int.MinValue,
        ["unsigned integer"] = uint.MaxValue,
        ["long"] = long.MinValue,
        ["unsigned long"] = ulong.MaxValue,
        ["single"] = 0.1f,
        ["double"] = 0.1,
        ["smallest double"] = double.Epsilon,
        ["not a number"] = double.NaN,
        ["infinity"] = double.NegativeInfinity,
        ["decimal"] = 79228162514264337593543950335m,
        ["big integer"] = BigInteger.Pow(10, 100),
        ["local time"] = new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Local).AddTicks(1),
        ["universal time"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        ["time of no place"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Unspecified),
        ["time with offset"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(330)).AddTicks(1),
        ["span"] = new TimeSpan(1, 2, 3, 4, 5, 6),
        ["date"] = new DateOnly(2026, 1, 2),
        ["time"] = new TimeOnly(3, 4, 5),
        ["enumeration"] = DayOfWeek.Friday,
        ["flags"] = Colours.Red | Colours.Green,
        ["guid"] = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
        ["uri"] = new Uri("https://example.org/a?b=c#d"),
        ["version"] = new Version(1, 2, 3, 4),
        ["address"] = IPAddress.Parse("fe80::1"),
        ["endpoint"] = new IPEndPoint(IPAddress.Loopback, 8080),
        ["culture"] = CultureInfo.GetCultureInfo("de-DE"),
        ["mail address"] = new MailAddress("somebody@example.org"),
        ["type"] = typeof(Dictionary<string, int>),
        ["bytes"] = new byte[] { 0, 1, 255 },
        ["array"] = new object?[] { "a", 1, null, 2.5 },
        ["array of texts"] = new[] { "a", "", "b" },
        ["array of integers"] = new[] { 1, 2, 3 },
        ["empty array"] = Array.Empty<object>(),
        ["array of one"] = new object[] { "only" },
        ["arrays in arrays"] = new object[] { new object[] { 1, 2 }, Array.Empty<int>(), new object[] { new object[] { "deep" } } },
        ["two dimensions"] = new[,] { { 1, 2 }, { 3, 4 } },
        ["array list"] = new ArrayList { 1, "a", new[] { 2, 3 } },
        ["list"] = new List<int> { 3, 4 },
        ["list of texts"] = new List<string> { "x" },
        ["list of anything"] = new List<object> { 1, "x", new[] { 1 } },
        ["linked list"] = new LinkedList<int>([1, 2, 3]),
        ["three dimensions"] = new string?[,,] { { { "a", null }, { "b", "c" } } },
        ["array of arrays"] = new[] { new[] { 1, 2 }, [], [3] },
        ["sorted set"] = new SortedSet<int> { 3, 1 },
        ["stack of anything"] = new Stack(new object[] { 1, "x" }),
        ["set"] = new HashSet<string> { "a", "b" },
        ["queue"] = new Queue<int>([1, 2, 3]),
        ["queue of anything"] = new Queue(new[] { 1, 2, 3 }),
        ["stack"] = new Stack<int>([1, 2, 3]),
        ["hashtable"] = new Hashtable { ["a"] = 1, [2] = "b", ["nested"] = new Hashtable { ["deep"] = new[] { 1, 2 } } },
        ["hashtable with keys that differ in case"] = new Hashtable { ["a"] = 1, ["A"] = 2 },
        ["hashtable with other keys"] = new Hashtable { [DayOfWeek.Friday] = 1, [typeof(int)] = 2 },
        ["ordered with other keys"] = new OrderedDictionary { [DayOfWeek.Friday] = 1, [new DateOnly(2026, 1, 2)] = 2 },
        ["ordered"] = new OrderedDictionary { ["z"] = 1, ["a"] = new object[] { 2 }, ["m"] = null },
        ["dictionary"] = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 },
        ["dictionary of dates"] = new Dictionary<int, DateTime> { [1] = new(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc) },
        ["dictionary of lists"] = new Dictionary<string, List<int>> { ["a"] = [1, 2] },
        ["sorted"] = new SortedDictionary<string, int> { ["b"] = 2, ["a"] = 1 },
        ["concurrent"] = new ConcurrentDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 }),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_arrives_as_it_was(string name)
    {
        object value = Values[name];
        object? arrived = Send(value, GuardValueFidelity.Exact);
        Assert.IsType(value.GetType(), arrived);
        Assert.Equal(value, arrived);
    }

    [Fact]
    public void Null_arrives_as_null() => Assert.Null(Send(null, GuardValueFidelity.Exact));

    [Fact]
    public void A_value_in_its_wrapping_arrives_bare() => Assert.Equal(5, Send(PSObject.AsPSObject(5), GuardValueFidelity.Exact));

    [Fact]
    public void An_address_of_a_class_that_nobody_else_can_make_arrives_as_an_equal_one() =>
        Assert.Equal(IPAddress.Any, Send(IPAddress.Any, GuardValueFidelity.Exact));

    [Fact]
    public void A_regular_expression_arrives_with_its_text_and_options()
    {
        Regex arrived = Assert.IsType<Regex>(Send(new Regex("^a+$", RegexOptions.IgnoreCase | RegexOptions.Multiline), GuardValueFidelity.Exact));
        Assert.Equal("^a+$", arrived.ToString());
        Assert.Equal(RegexOptions.IgnoreCase | RegexOptions.Multiline, arrived.Options);
    }

    [Fact]
    public void Tables_find_their_keys_as_those_of_a_script_do()
    {
        Hashtable table = Assert.IsType<Hashtable>(Send(new Hashtable(StringComparer.CurrentCultureIgnoreCase) { ["Path"] = "/tmp/x" }, GuardValueFidelity.Exact));
        Assert.Equal("/tmp/x", table["PATH"]);
        OrderedDictionary ordered = Assert.IsType<OrderedDictionary>(
            Send(new OrderedDictionary(StringComparer.CurrentCultureIgnoreCase) { ["z"] = 1, ["a"] = 2 }, GuardValueFidelity.Exact));
        Assert.Equal(["z", "a"], ordered.Keys.Cast<string>());
        Assert.Equal(2, ordered["A"]);
        Hashtable mixed = Assert.IsType<Hashtable>(
            Send(new Hashtable(StringComparer.CurrentCultureIgnoreCase) { [DayOfWeek.Friday] = 1, ["a"] = 2 }, GuardValueFidelity.Exact));
        Assert.Equal(1, mixed[DayOfWeek.Friday]);
        Assert.Equal(2, mixed["A"]);
    }

    [Fact]
    public void Collections_that_ignore_case_go_on_to()
    {
        var dictionary = Assert.IsType<Dictionary<string, int>>(Send(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, GuardValueFidelity.Exact));
        Assert.Equal(1, dictionary["A"]);
        var sorted = Assert.IsType<SortedDictionary<string, int>>(Send(new SortedDictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, GuardValueFidelity.Exact));
        Assert.Equal(1, sorted["A"]);
        Assert.Contains("A", Assert.IsType<HashSet<string>>(Send(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }, GuardValueFidelity.Exact)));
        Assert.DoesNotContain("A", Assert.IsType<HashSet<string>>(Send(new HashSet<string> { "a" }, GuardValueFidelity.Exact)));
    }

    [Fact]
    public void A_custom_object_arrives_with_its_properties_in_order_and_its_type_name()
    {
        PSObject custom = new();
        custom.TypeNames.Insert(0, "My.Report");
        custom.Properties.Add(new PSNoteProperty("Zeta", 1));
        custom.Properties.Add(new PSNoteProperty("Alpha", new object[] { "x", DayOfWeek.Friday }));
        PSObject inner = new();
        inner.Properties.Add(new PSNoteProperty("File", new FileInfo("/tmp/some.txt")));
        custom.Properties.Add(new PSNoteProperty("Inner", inner));

        PSObject arrived = Assert.IsType<PSObject>(Send(custom, GuardValueFidelity.Exact));
        Assert.IsType<PSCustomObject>(arrived.BaseObject);
        Assert.Equal("My.Report", arrived.TypeNames[0]);
        Assert.Equal(["Zeta", "Alpha", "Inner"], arrived.Properties.Select(property => property.Name));
        Assert.Equal(1, arrived.Properties["Zeta"].Value);
        Assert.Equal(new object[] { "x", DayOfWeek.Friday }, arrived.Properties["Alpha"].Value);
        PSObject arrivedInner = Assert.IsType<PSObject>(arrived.Properties["Inner"].Value);
        Assert.Equal("/tmp/some.txt", Assert.IsType<FileInfo>(arrivedInner.Properties["File"].Value).FullName);
    }

    [Fact]
    public void Files_and_directories_arrive_with_their_full_names()
    {
        Assert.Equal("/tmp/some.txt", Assert.IsType<FileInfo>(Send(new FileInfo("/tmp/some.txt"), GuardValueFidelity.Exact)).FullName);
        Assert.Equal("/tmp/some", Assert.IsType<DirectoryInfo>(Send(new DirectoryInfo("/tmp/some"), GuardValueFidelity.Exact)).FullName);
        FileInfo[] files = Assert.IsType<FileInfo[]>(Send(new[] { new FileInfo("/tmp/a"), new FileInfo("/tmp/b") }, GuardValueFidelity.Exact));
        Assert.Equal(["a", "b"], files.Select(file => file.Name));
    }

    [Fact]
    public void A_credential_arrives_with_its_password()
    {
        PSCredential arrived = Assert.IsType<PSCredential>(
            Send(new PSCredential("user", new NetworkCredential("", "sécret").SecurePassword), GuardValueFidelity.Exact));
        Assert.Equal("user", arrived.UserName);
        Assert.Equal("sécret", arrived.GetNetworkCredential().Password);
    }

    [Fact]
    public void A_script_block_arrives_as_text_that_belongs_to_no_session()
    {
        ScriptBlock arrived = Assert.IsType<ScriptBlock>(Send(ScriptBlock.Create("param($x) $x + 1"), GuardValueFidelity.Exact));
        Assert.Equal("param($x) $x + 1", arrived.ToString());
    }

    [Fact]
    public void A_document_arrives()
    {
        XmlDocument document = new();
        document.LoadXml("<a b=\"c\">d</a>");
        Assert.Equal(document.OuterXml, Assert.IsType<XmlDocument>(Send(document, GuardValueFidelity.Exact)).OuterXml);
    }

    [Fact]
    public void A_process_arrives_as_the_same_if_it_still_runs()
    {
        using Process own = Process.GetCurrentProcess();
        using Process arrived = Assert.IsType<Process>(Send(own, GuardValueFidelity.Exact));
        Assert.Equal(own.Id, arrived.Id);

        using Process ended = Process.Start("sleep", "1000");
        object? packed = GuardValue.Pack(ended, out _);
        ended.Kill();
        ended.WaitForExit();
        Assert.Null(GuardValue.Unpack(packed));
    }

    [Fact]
    public void What_lives_in_its_process_alone_arrives_as_null_with_its_surroundings()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        using MemoryStream stream = new();
        Assert.Null(Send(listener, GuardValueFidelity.Dropped));
        Assert.Null(Send(stream, GuardValueFidelity.Dropped));
        Assert.Null(Send(() => 1, GuardValueFidelity.Dropped));
        Assert.Null(Send(Task.CompletedTask, GuardValueFidelity.Dropped));
        Assert.Null(Send(Thread.CurrentThread, GuardValueFidelity.Dropped));
        Hashtable table = Assert.IsType<Hashtable>(Send(new Hashtable { ["listener"] = listener, ["port"] = 80 }, GuardValueFidelity.Dropped));
        Assert.Null(table["listener"]);
        Assert.Equal(80, table["port"]);
    }

    [Fact]
    public void Other_objects_arrive_as_a_copy_of_their_properties()
    {
        PSObject arrived = Assert.IsType<PSObject>(Send(new StringBuilder("text"), GuardValueFidelity.Copy));
        Assert.Equal(4, arrived.Properties["Length"].Value);
        Assert.Equal(typeof(StringBuilder).FullName, arrived.TypeNames[0]);
    }

    [Fact]
    public void A_property_that_can_not_be_read_is_left_out()
    {
        PSObject arrived = Assert.IsType<PSObject>(Send(new Fragile("whole"), GuardValueFidelity.Copy));
        Assert.Equal(["Whole"], arrived.Properties.Select(property => property.Name));
    }

    [Fact]
    public void What_contains_itself_is_cut_at_some_depth()
    {
        Hashtable table = new() { ["name"] = "loop" };
        table["self"] = table;
        Hashtable arrived = Assert.IsType<Hashtable>(Send(table, GuardValueFidelity.Dropped));
        Assert.Equal("loop", Assert.IsType<Hashtable>(arrived["self"])["name"]);

        ArrayList list = [1];
        list.Add(list);
        Assert.Equal(1, Assert.IsType<ArrayList>(Send(list, GuardValueFidelity.Dropped))[0]);
    }

    [Theory]
    [InlineData(5, GuardValueFidelity.Exact)]
    [InlineData(13, GuardValueFidelity.Exact)]
    [InlineData(14, GuardValueFidelity.Dropped)]
    [InlineData(1000, GuardValueFidelity.Dropped)]
    internal void Depth_is_limited_and_told(int depth, GuardValueFidelity expected)
    {
        object value = new object[] { "end" };
        for (int i = 1; i < depth; i++)
        {
            value = new[] { value };
        }

        object? arrived = Send(value, expected);
        int levels = 0;
        while (arrived is object[] level)
        {
            arrived = level[0];
            levels++;
        }

        Assert.Equal(expected == GuardValueFidelity.Exact ? "end" : null, arrived);
        Assert.Equal(Math.Min(depth, 13), levels);
    }

    [Fact]
    public void Big_values_arrive_whole()
    {
        string text = new('x', 5_000_000);
        Assert.Equal(text, Send(text, GuardValueFidelity.Exact));
        int[] numbers = [.. Enumerable.Range(0, 100_000)];
        Assert.Equal(numbers, Send(numbers, GuardValueFidelity.Exact));
    }

    [Fact]
    public void What_is_changed_afterwards_is_not_seen()
    {
        Hashtable table = new() { ["inner"] = new ArrayList { 1 } };
        object? packed = GuardValue.Pack(table, out _);
        ((ArrayList)table["inner"]!).Add(2);
        Assert.Equal(new ArrayList { 1 }, Assert.IsType<Hashtable>(Receive(packed))["inner"]);
    }

    [Fact]
    public void A_type_that_is_not_there_leaves_a_text_or_an_array()
    {
        string text = PSSerializer.Serialize(GuardValue.Pack(Colours.Red, out _)).Replace(nameof(Colours), "Gone", StringComparison.Ordinal);
        Assert.Equal("Red", GuardValue.Unpack(PSSerializer.Deserialize(text)));
        string list = PSSerializer.Serialize(GuardValue.Pack(new[] { Colours.Red }, out _)).Replace(nameof(Colours), "Gone", StringComparison.Ordinal);
        Assert.Equal(new object[] { "Red" }, GuardValue.Unpack(PSSerializer.Deserialize(list)));
    }

    private static object? Send(object? value, GuardValueFidelity expected)
    {
        object? packed = GuardValue.Pack(value, out GuardValueFidelity fidelity);
        Assert.Equal(expected, fidelity);
        return Receive(packed);
    }

    private static object? Receive(object? packed) =>
        GuardValue.Unpack(PSSerializer.Deserialize(PSSerializer.Serialize(packed, GuardValue.SerializationDepth)));

    private sealed class Fragile(string whole)
    {
        public string Whole => whole;

        public string Broken => throw new InvalidOperationException(whole);
    }
}
