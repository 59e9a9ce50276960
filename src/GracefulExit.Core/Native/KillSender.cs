namespace GracefulExit.Native;

/// <summary>kill(2).</summary>
internal sealed class KillSender : ISignalSender
{
    public SendOutcome Send(Signal signal, int processId, out int error)
    {
        error = LibC.TrySignal(processId, signal.Number);
        return error switch
        {
            0 => SendOutcome.Sent,
            LibC.NoSuchProcess => SendOutcome.NoSuchProcess,
            LibC.NotPermitted => SendOutcome.NotPermitted,
            _ => SendOutcome.Failed,
        };
    }
}
