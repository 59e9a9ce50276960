using System.Globalization;
using GracefulExit.Tests.Harness;

namespace GracefulExit.Tests.Torture.Plans;

/// <summary>Writes the scripts of a run.</summary>
internal sealed class ScriptWriter(RunPlan plan)
{
    /// <summary>The name of the script to start.</summary>
    public const string Main = "main.ps1";

    private static string Folder => Path.Combine(Repository.Root, "tests", "Torture");

    /// <summary>The scripts: name and text.</summary>
    public IReadOnlyDictionary<string, string> Write()
    {
        var scripts = new Dictionary<string, string>();
        string body = plan.Shape switch
        {
            Shape.Series => Series(),
            Shape.Runspaces => Runspaces(scripts),
            _ => Scope(0, plan.Scopes),
        };
        scripts[Main] = $$"""
            # {{plan}}
            {{Head()}}
            {{string.Join(Environment.NewLine, plan.Handlers.Select(Handler))}}
            foreach ($once in 1) {
            {{Indent(body)}}
            }
            Mark 'A'
            Tell 'after'
            Start-Sleep -Milliseconds 20
            exit {{RunPlan.CallerStatus}}

            """;
        return scripts;
    }

    private string Head() => $"""
        . '{Folder}/prelude.ps1'
        $wait = {plan.Wait}
        $pause = {plan.Pause}
        $code = {plan.Code}
        $exitBlockCode = {plan.ExitBlockCode}
        """;

    // A scope, and in its body the scopes after it in the list.
    private static string Scope(int index, IReadOnlyList<ScopePlan> scopes)
    {
        var scope = scopes[index];
        string inner = index + 1 < scopes.Count
            ? $"{Scope(index + 1, scopes)}{Environment.NewLine}Mark 'C{scope.Id}'{Environment.NewLine}"
            : "";
        return Call(scope, inner + Template("Bodies", scope.Body.Name, scope.Id));
    }

    private static string Call(ScopePlan scope, string body) => $$"""
        Use-ExitHandler -Append -AfterSignal {{scope.AfterSignal}}{{scope.Parameters}} {
            Mark 'B{{scope.Id}}'
        {{Indent(Pushed(scope))}}
            Tell 'ready'
        {{Indent(Shield(scope))}}
        {{Indent(body)}}
        } -OnExit {{string.Join(", ", scope.ExitBlocks.Select(block => ExitBlock(scope, block)))}}{{scope.Body.Pipe}}
        """;

    private static string Pushed(ScopePlan scope) => string.Join(Environment.NewLine, scope.Pushed.Select(block => $"""
        Add-ExitBlock {ExitBlock(scope, block)}
        Mark 'P{block.Id}'
        """));

    private static string Shield(ScopePlan scope) => scope.Shield == 0 ? "" : $$"""
        Use-ExitShield { Mark 'S{{scope.Id}}'; Start-Sleep -Milliseconds {{scope.Shield}}; Mark 'T{{scope.Id}}' }
        """;

    private static string Handler(ExitBlockPlan handler) => $$"""
        Register-ExitHandler {
            Mark 'X{{handler.Id}}'
        {{Indent(Template("ExitBlocks", handler.Kind.Name))}}
            Mark 'Y{{handler.Id}}'
        }
        Mark 'R{{handler.Id}}'
        """;

    private static string ExitBlock(ScopePlan scope, ExitBlockPlan block)
    {
        string work = Template("ExitBlocks", block.Kind.Name, block.Inner?.Id);
        if (scope.Body.HasListener && block == scope.ExitBlocks[0])
        {
            work = $"if ($listener) {{ $listener.Stop() }}{Environment.NewLine}{work}";
        }

        return $$"""
            {
                Mark 'X{{block.Id}}'
                Tell 'exiting'
            {{Indent(work)}}
                Mark 'Y{{block.Id}}'
            }
            """;
    }

    private string Series() => $$"""
        foreach ($id in 1..{{plan.Scopes.Count}}) {
            Use-ExitHandler -AfterSignal {{plan.Scopes[0].AfterSignal}}{{plan.Scopes[0].Parameters}} {
                Mark "B$id"
                if ($id -eq 1) { Tell 'ready' }
        {{Indent(Indent(Template("Bodies", plan.Scopes[0].Body.Name)))}}
            } -OnExit {
                Mark "X$id.1"
                if ($id -eq {{(plan.Scopes.Count + 1) / 2}}) { Tell 'exiting' }
                Mark "Y$id.1"
            }
        }
        """;

    private string Runspaces(Dictionary<string, string> scripts)
    {
        foreach (var scope in plan.Scopes)
        {
            scripts[$"runspace{scope.Id}.ps1"] = $"{Head()}{Environment.NewLine}{Call(scope, Template("Bodies", scope.Body.Name, scope.Id))}{Environment.NewLine}";
        }

        string text = $$"""
            $running = foreach ($name in {{string.Join(", ", scripts.Keys.Select(name => $"'{name}'"))}}) {
                # CreateDefault needs assemblies that a host on the bare engine does not have.
                $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
                $runspace.Open()
                $shell = [powershell]::Create()
                $shell.Runspace = $runspace
                $null = $shell.AddScript(". '$PSScriptRoot/$name'")
                @{ Shell = $shell; Result = $shell.BeginInvoke() }
            }
            foreach ($one in $running) {
                try { $null = $one.Shell.EndInvoke($one.Result) } catch { Tell "runspace: $_" }
            }
            """;
        return plan.Around is null ? text : Call(plan.Around, text);
    }

    // The id stands for __ID__.
    private static string Template(string folder, string name, int? id = null) =>
        File.ReadAllText(Path.Combine(Folder, folder, name + ".ps1")).TrimEnd()
            .Replace("__ID__", id?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string Indent(string text) =>
        string.Join(Environment.NewLine, text.Split(Environment.NewLine).Select(line => line.Length == 0 ? line : "    " + line));
}
