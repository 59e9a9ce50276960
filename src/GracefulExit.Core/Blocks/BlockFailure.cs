using System.Management.Automation;

namespace GracefulExit.Blocks;

/// <summary>An exit block that did not end normally.</summary>
/// <param name="Block">The exit block.</param>
/// <param name="ErrorId">The id of the error.</param>
/// <param name="Category">Its category.</param>
/// <param name="Message">The message.</param>
/// <param name="Cause">What it threw, if anything.</param>
internal sealed record BlockFailure(ExitBlock Block, string ErrorId, ErrorCategory Category, string Message, Exception? Cause)
{
    /// <summary>Makes the error record that the caller of the scope sees.</summary>
    public ErrorRecord ToErrorRecord() => new(
        Cause is null ? new TimeoutException(Message) : new RuntimeException(Message, Cause), ErrorId, Category, Block.Script);
}
