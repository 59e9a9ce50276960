using System.Management.Automation.Host;

namespace GracefulExit.Tests.EngineHost.Host;

/// <summary>The console's size, colours and cursor.</summary>
internal sealed class ConsoleRawUserInterface : PSHostRawUserInterface
{
    private string _title = string.Empty;

    /// <inheritdoc/>
    public override ConsoleColor BackgroundColor { get => Console.BackgroundColor; set => Console.BackgroundColor = value; }

    /// <inheritdoc/>
    public override ConsoleColor ForegroundColor { get => Console.ForegroundColor; set => Console.ForegroundColor = value; }

    /// <inheritdoc/>
    public override Size BufferSize { get => SizeOr80By40(Console.BufferWidth, Console.BufferHeight); set => throw new PlatformNotSupportedException(); }

    /// <inheritdoc/>
    public override Size WindowSize { get => SizeOr80By40(Console.WindowWidth, Console.WindowHeight); set => throw new PlatformNotSupportedException(); }

    /// <inheritdoc/>
    public override Size MaxWindowSize => SizeOr80By40(Console.LargestWindowWidth, Console.LargestWindowHeight);

    /// <inheritdoc/>
    public override Size MaxPhysicalWindowSize => MaxWindowSize;

    /// <inheritdoc/>
    public override Coordinates WindowPosition { get => new(Console.WindowLeft, Console.WindowTop); set => throw new PlatformNotSupportedException(); }

    /// <inheritdoc/>
    public override Coordinates CursorPosition
    {
        get
        {
            var (left, top) = Console.GetCursorPosition();
            return new Coordinates(left, top);
        }

        set => Console.SetCursorPosition(Math.Max(0, value.X), Math.Max(0, value.Y));
    }

    /// <inheritdoc/>
    public override int CursorSize { get => Console.CursorSize; set => throw new PlatformNotSupportedException(); }

    /// <inheritdoc/>
    public override bool KeyAvailable => Console.KeyAvailable;

    /// <inheritdoc/>
    public override string WindowTitle
    {
        get => _title;
        set
        {
            Console.Title = value;
            _title = value;
        }
    }

    /// <inheritdoc/>
    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = Console.ReadKey((options & ReadKeyOptions.NoEcho) != 0);
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    /// <inheritdoc/>
    public override void FlushInputBuffer()
    {
    }

    /// <inheritdoc/>
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw new NotImplementedException();

    // A pseudo-terminal may report a size of zero.
    private static Size SizeOr80By40(int width, int height) => width == 0 || height == 0 ? new Size(80, 40) : new Size(width, height);
}
