using System.Management.Automation;
using GracefulExit.Core;

namespace GracefulExit.Handlers;

/// <summary>Why handlers run.</summary>
/// <param name="Request">Reason, signal and status.</param>
/// <param name="Error">The error that ended the script, if it is known.</param>
internal sealed record SessionEnding(ExitRequest Request, ErrorRecord? Error = null);
