using System.Management.Automation;
using GracefulExit.Guard;
using GracefulExit.Rescue;

namespace GracefulExit.Unit.Guard;

/// <summary>Payloads without a shell around them.</summary>
internal static class PayloadFixture
{
    public static CapturedSession Session { get; } = new()
    {
        Variables = [],
        Functions = [],
        Aliases = new Dictionary<string, string>(),
        Modules = [],
        Location = "/",
    };

    public static GuardPayload Of(params ScriptBlock[] blocks) => Of(Session, blocks);

    public static GuardPayload Of(CapturedSession session, params ScriptBlock[] blocks) =>
        GuardPayload.Of(blocks, session, DateTime.Now, TimeSpan.FromSeconds(3), string.Empty, static _ => { });
}
