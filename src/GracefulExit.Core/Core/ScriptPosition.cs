namespace GracefulExit.Core;

/// <summary>A line of a script; the name is empty at a prompt.</summary>
internal sealed record ScriptPosition(string ScriptName, int LineNumber)
{
    public override string ToString() => $"{(ScriptName.Length == 0 ? "<prompt>" : ScriptName)}:{LineNumber}";
}
