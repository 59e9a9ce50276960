using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GracefulExit.Guard;
using GracefulExit.Rescue;

namespace GracefulExit.Unit.Guard;

/// <summary>The payload that a guard receives, and the session that it creates from it.</summary>
public sealed class GuardPayloadTests
{
    /// <summary>All that PowerShell takes for quotes, and what else could end a text or begin something in a script.</summary>
    public const string Quotes = "’ ‘ ‚ ‛ “ ” „ ` ' \" $(x) ; | & # @ { } ( ) [x] * ?";

    [Fact]
    public void Arrives_unchanged()
    {
        CapturedSession session = new()
        {
            Variables = [new("a", 1), new("b", "x", ScopedItemOptions.Constant)],
            Functions = [new(Quotes, ScriptText.Of(ScriptBlock.Create("'f'")), PSLanguageMode.ConstrainedLanguage)],
            Aliases = new Dictionary<string, string> { [Quotes + "2"] = Quotes },
            Modules = ["/a/b.psd1"],
            Location = "/some/" + Quotes,
            StrictMode = new Version(3, 0),
            LanguageMode = PSLanguageMode.ConstrainedLanguage,
        };
        GuardPayload payload = PayloadFixture.Of(session, ScriptBlock.Create("1"), ScriptBlock.Create("2"));
        GuardPayload arrived = GuardPayload.FromBytes(payload.ToBytes());
        CapturedSession again = arrived.ToSession(static (name, _) => Assert.Fail(name));
        Assert.Equal(payload.ExitBlocks, arrived.ExitBlocks);
        Assert.Equal(session.Variables, again.Variables);
        Assert.Equal(session.Functions, again.Functions);
        Assert.Equal(session.Aliases, again.Aliases);
        Assert.Equal(session.Modules, again.Modules);
        Assert.Equal(session.Location, again.Location);
        Assert.Equal(session.StrictMode, again.StrictMode);
        Assert.Equal(session.LanguageMode, again.LanguageMode);
        Assert.Equal(payload.Environment, arrived.Environment);
        Assert.Equal(payload.StartedAt, arrived.StartedAt);
    }

    [Fact]
    public void Names_with_every_quote_are_names_in_the_session()
    {
        CapturedSession session = PayloadFixture.Session with
        {
            Functions = [new(Quotes, ScriptText.Of(ScriptBlock.Create("\"f $args\"")), null)],
            Aliases = new Dictionary<string, string> { [Quotes + "2"] = Quotes },
            Variables = [new(Quotes, "v"), new("name", Quotes)],
            Location = "/none/" + Quotes,
        };
        Assert.Equal(
            ["f 1", "f 2", "v", "/none/" + Quotes],
            Run(session, "& $name 1; & \"$($name)2\" 2; $ExecutionContext.SessionState.PSVariable.GetValue($name); \"$PWD\""));
    }

    [Fact]
    public void The_session_is_as_safe_as_the_owner_s()
    {
        CapturedSession session = PayloadFixture.Session with
        {
            Variables =
            [
                new("WhatIfPreference", true), new("ErrorActionPreference", ActionPreference.Stop), new("OFS", "-"), new("PID", 4711),
                new("constant", "c", ScopedItemOptions.Constant), new("this", new Hashtable { ["Name"] = "self" }),
            ],
            StrictMode = new Version(2, 0),
        };
        Assert.Equal(
            ["True Stop 4711 c self 1-2", "Constant", "strict", "constant"],
            Run(session, "\"$WhatIfPreference $ErrorActionPreference $PID $constant $($this.Name) $(1, 2)\"; $ExecutionContext.SessionState.PSVariable.Get('constant').Options.ToString(); "
                + "try { $undefined } catch { 'strict' }; try { $constant = 1 } catch { 'constant' }"));
    }

    [Fact]
    public void A_module_has_the_owner_s_process_id_too()
    {
        string module = Path.Combine(Directory.CreateTempSubdirectory().FullName, "Own.psm1");
        File.WriteAllText(module, "function Get-OwnId { $PID }");
        CapturedSession session = PayloadFixture.Session with { Modules = [module], Variables = [new("PID", 4711, ScopedItemOptions.Constant)] };
        Assert.Equal(["4711 4711 4711"], Run(session, "\"$PID $(& { $PID }) $(Get-OwnId)\""));
        Directory.Delete(Path.GetDirectoryName(module)!, recursive: true);
    }

    [Fact]
    public void An_alias_takes_its_pipeline_input()
    {
        CapturedSession session = PayloadFixture.Session with { Aliases = new Dictionary<string, string> { ["each"] = "ForEach-Object" } };
        Assert.Equal(["a1", "a2"], Run(session, "1, 2 | each { \"a$_\" }"));
    }

    /// <summary>Aliases go before functions: one that every session has must not hide a function of that name.</summary>
    [Fact]
    public void A_function_comes_before_an_alias_of_a_new_session()
    {
        CapturedSession session = PayloadFixture.Session with { Functions = [new("foreach", ScriptText.Of(ScriptBlock.Create("'mine'")), null), new("gci", ScriptText.Of(ScriptBlock.Create("'mine'")), null)] };
        Assert.Equal(["mine"], Run(session, "gci"));
    }

    [Fact]
    public void A_constrained_session_stays_constrained_except_for_trusted_functions()
    {
        CapturedSession session = PayloadFixture.Session with
        {
            LanguageMode = PSLanguageMode.ConstrainedLanguage,
            Functions =
            [
                new("trusted", ScriptText.Of(ScriptBlock.Create("[IO.Path]::Combine('a', 'b')")), PSLanguageMode.FullLanguage),
                new("untrusted", ScriptText.Of(ScriptBlock.Create("[IO.Path]::Combine('a', 'b')")), PSLanguageMode.ConstrainedLanguage),
            ],
            Variables = [new("block", ScriptBlock.Create("[IO.Path]::Combine('a', 'b')"))],
        };
        Assert.Equal(
            ["a/b", "refused", "refused", "refused"],
            Run(session, "trusted; try { untrusted } catch { 'refused' }; try { [IO.Path]::Combine('a', 'b') } catch { 'refused' }; try { & $block } catch { 'refused' }"));
    }

    private static string[] Run(CapturedSession session, string script)
    {
        GuardPayload payload = GuardPayload.FromBytes(PayloadFixture.Of(session, ScriptBlock.Create(script)).ToBytes());
        using Runspace runspace = payload.ToSession(static (name, reason) => Assert.Fail($"{name}: {reason}"))
            .CreateRunspace(null, ExitContext.ForKilled(payload.StartedAt));
        using PowerShell powerShell = PowerShell.Create();
        powerShell.Runspace = runspace;
        powerShell.AddScript(". $args[0]").AddArgument(payload.ExitBlocks[0].ToScriptBlock());
        string[] output = [.. powerShell.Invoke().Select(static item => item?.ToString() ?? string.Empty)];
        Assert.Empty(powerShell.Streams.Error);
        return output;
    }
}
