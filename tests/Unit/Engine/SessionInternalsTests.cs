using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using GracefulExit.Engine;

namespace GracefulExit.Unit.Engine;

/// <summary>What the module reaches for by reflection is there in this engine, and does what it is taken for.</summary>
public sealed class SessionInternalsTests
{
    public static IEnumerable<TheoryDataRow<string>> Members() => Fields().Select(static field => new TheoryDataRow<string>(field.Name));

    [Theory]
    [MemberData(nameof(Members))]
    public void The_engine_has(string member) =>
        Assert.NotNull(Fields().Single(field => field.Name == member).GetValue(null));

    private static IEnumerable<FieldInfo> Fields() => typeof(EngineInternals)
        .GetNestedTypes(BindingFlags.NonPublic)
        .Append(typeof(EngineInternals))
        .SelectMany(static type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic))
        .Where(static field => typeof(MemberInfo).IsAssignableFrom(field.FieldType));

    [Fact]
    public void A_position_finds_what_its_scope_sees_and_not_what_deeper_scopes_do()
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = runspace;
        powerShell.AddScript("""
            $a = 'global a'; $b = 'global b'; $private:hidden = 1
            Set-StrictMode -Version 2
            function outer {
                $a = 'outer a'
                function local { }
                $script:position = $take.Invoke({ $a }, $ExecutionContext.SessionState)
                inner
            }
            function inner { $a = 'inner a'; Set-StrictMode -Off; $script:found = $look.Invoke($position) }
            outer
            $found
            """);
        runspace.SessionStateProxy.SetVariable("take", (Func<ScriptBlock, SessionState, object>)SessionPosition.Of);
        runspace.SessionStateProxy.SetVariable("look", (Func<object, object>)Look);
        Assert.Equal("outer a, global b, global a, , local, 2.0", Assert.Single(powerShell.Invoke()).ToString());
        Assert.Empty(powerShell.Streams.Error);
    }

    private static string Look(object position)
    {
        SessionPosition at = (SessionPosition)(position is PSObject wrapped ? wrapped.BaseObject : position);
        return string.Join(
            ", ",
            at.FindVariable("a")?.Value,
            at.FindVariable("b")?.Value,
            at.FindVariable("global:a")?.Value,
            at.FindVariable("hidden")?.Value,
            at.FindFunction("local")?.Name,
            at.StrictMode);
    }
}
