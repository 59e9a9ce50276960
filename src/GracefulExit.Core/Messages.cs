using System.Globalization;
using System.Resources;

namespace GracefulExit;

/// <summary>The texts that a user reads. They stand in <c>Messages.resx</c>, one resource per method.</summary>
internal static class Messages
{
    private static readonly ResourceManager Resources = new("GracefulExit.Messages", typeof(Messages).Assembly);

    public static string NoExitHandler => Get(nameof(NoExitHandler));

    public static string ForwardSignalUnsupported => Get(nameof(ForwardSignalUnsupported));

    public static string ScriptBlockMissing => Get(nameof(ScriptBlockMissing));

    public static string NoPrompt => Get(nameof(NoPrompt));

    public static string ExitHandlerActive => Get(nameof(ExitHandlerActive));

    public static string InterruptAgain => Get(nameof(InterruptAgain));

    public static string WaitForStop => Get(nameof(WaitForStop));

    public static string WaitForGrace => Get(nameof(WaitForGrace));

    public static string WaitForCommands => Get(nameof(WaitForCommands));

    public static string WaitForShield => Get(nameof(WaitForShield));

    public static string WaitForExitBlock(int number, int total) => Format(nameof(WaitForExitBlock), number, total);

    public static string WaitLimited(string what, double seconds) => Format(nameof(WaitLimited), what, seconds);

    public static string EndNotice(string wait) => Format(nameof(EndNotice), wait);

    public static string EndNoticeAbandon => Get(nameof(EndNoticeAbandon));

    public static string GuardUnderInit => Get(nameof(GuardUnderInit));

    public static string NoThread => Get(nameof(NoThread));

    public static string NothingHasRun(string reason) => Format(nameof(NothingHasRun), reason);

    public static string GuardNoExecutable => Get(nameof(GuardNoExecutable));

    public static string GuardNoAssembly => Get(nameof(GuardNoAssembly));

    public static string GuardDoesNotRead => Get(nameof(GuardDoesNotRead));

    public static string GuardVersionDiffers => Get(nameof(GuardVersionDiffers));

    public static string GuardFailed(string reason) => Format(nameof(GuardFailed), reason);

    public static string GuardLost(int processId, string end) => Format(nameof(GuardLost), processId, end);

    public static string GuardValueCopied(string name, string type) => Format(nameof(GuardValueCopied), name, type);

    public static string GuardValueDropped(string name, string type) => Format(nameof(GuardValueDropped), name, type);

    public static string GuardHostIsNoShell(string program) => Format(nameof(GuardHostIsNoShell), program);

    public static string GuardValueBusy(string name, string type) => Format(nameof(GuardValueBusy), name, type);

    public static string GuardValueTooBig(string name, string type, int objects, int mebibytes) =>
        Format(nameof(GuardValueTooBig), name, type, objects.ToString("N0", CultureInfo.CurrentCulture), mebibytes);

    public static string GuardTypeMissing(string name) => Format(nameof(GuardTypeMissing), name);

    public static string GuardTypesLost(string reason) => Format(nameof(GuardTypesLost), reason);

    public static string GuardBlockCut(int index, int count) => Format(nameof(GuardBlockCut), index, count);

    public static string GuardVariableLost(string name, string reason) => Format(nameof(GuardVariableLost), name, reason);

    public static string ExitBlockTimedOut(int index, int count, double seconds) => Format(nameof(ExitBlockTimedOut), index, count, seconds);

    public static string NoScopeForBlock => Get(nameof(NoScopeForBlock));

    public static string InputObjectByName => Get(nameof(InputObjectByName));

    public static string OwnTarget => Get(nameof(OwnTarget));

    public static string SignalExitCodeUnused => Get(nameof(SignalExitCodeUnused));

    public static string ProcessTarget(int id) => Format(nameof(ProcessTarget), id);

    public static string NobodyListens(string signal) => Format(nameof(NobodyListens), signal);

    public static string NoSuchProcess(int id) => Format(nameof(NoSuchProcess), id);

    public static string SendUnsupported(string signal) => Format(nameof(SendUnsupported), signal);

    public static string SendToOtherConsole(int id) => Format(nameof(SendToOtherConsole), id);

    public static string MayNotSignal(int id) => Format(nameof(MayNotSignal), id);

    public static string BlockRemoved(int scopeId) => Format(nameof(BlockRemoved), scopeId);

    public static string BlockNotRemoved(int scopeId) => Format(nameof(BlockNotRemoved), scopeId);

    public static string ExitVariableInvalid(string name) => Format(nameof(ExitVariableInvalid), name);

    public static string ExitVariableReadOnly(string name) => Format(nameof(ExitVariableReadOnly), name);

    public static string ExitVariableNotSet(string name, string reason) => Format(nameof(ExitVariableNotSet), name, reason);

    public static string ExitBlockLeft(int index, int count, double seconds) => Format(nameof(ExitBlockLeft), index, count, seconds);

    public static string TokenScriptBlock(string reason) => Format(nameof(TokenScriptBlock), reason);

    public static string TokenCallbackFailed(string reason) => Format(nameof(TokenCallbackFailed), reason);

    public static string RescueFailed(string reason) => Format(nameof(RescueFailed), reason);

    public static string SignalUnknown(string text, string allowed) => Format(nameof(SignalUnknown), text, allowed);

    public static string SignalUncatchable(string text, string allowed) => Format(nameof(SignalUncatchable), text, allowed);

    public static string SecondsOutOfRange(object value, double maximum) => Format(nameof(SecondsOutOfRange), value, maximum);

    public static string AlreadyRegistered(string scope) => Format(nameof(AlreadyRegistered), scope);

    public static string ExitBlockFailed(int index, int count, string reason) => Format(nameof(ExitBlockFailed), index, count, reason);

    public static string ScopeDescription(int id, string position) => Format(nameof(ScopeDescription), id, position);

    public static string NoSuchHandler(int id) => Format(nameof(NoSuchHandler), id);

    public static string NoHandlerButScope(int id) => Format(nameof(NoHandlerButScope), id);

    private static string Get(string name) => Resources.GetString(name, CultureInfo.CurrentUICulture)!;

    private static string Format(string name, params object[] arguments) =>
        string.Format(CultureInfo.CurrentCulture, Get(name), arguments);
}
