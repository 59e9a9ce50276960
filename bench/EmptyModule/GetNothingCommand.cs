using System.Management.Automation;

namespace Empty;

/// <summary>The least that makes an assembly a binary module.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : Cmdlet
{
}
