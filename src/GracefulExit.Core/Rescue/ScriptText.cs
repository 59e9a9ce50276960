using System.Management.Automation;
using System.Management.Automation.Language;
using GracefulExit.Engine;

namespace GracefulExit.Rescue;

/// <summary>
/// A script block as text from which another process can create the same block. It includes the <c>using</c> statements that
/// apply to it and its position, so that <c>$PSScriptRoot</c> and the positions in errors are the original's.
/// </summary>
internal sealed record ScriptText(string Text, string Usings, string File, int Line)
{
    public static ScriptText Of(ScriptBlock block)
    {
        Ast tree = block.Ast;
        ScriptBlockAst? body = tree as ScriptBlockAst ?? (tree as FunctionDefinitionAst)?.Body;
        string text = block.ToString();
        if (body is { ProcessBlock.Unnamed: true, ParamBlock: null })
        {
            // The body of a filter: the text alone does not show that.
            text = $"process {{{text}\n}}";
        }

        return new ScriptText(text, UsingsOf(RootOf(tree)), block.File ?? string.Empty, (body ?? tree).Extent.StartLineNumber);
    }

    /// <summary>Text that runs as if it were at the beginning of a file.</summary>
    public static ScriptText Of(Ast file, string text) => new(text, UsingsOf(file), file.Extent.File ?? string.Empty, 1);

    public static Ast RootOf(Ast tree)
    {
        while (tree.Parent is { } parent)
        {
            tree = parent;
        }

        return tree;
    }

    public static ScriptText Read(BinaryReader reader) =>
        new(reader.ReadText(), reader.ReadText(), reader.ReadText(), reader.ReadInt32());

    public void Write(BinaryWriter writer)
    {
        writer.WriteText(Text);
        writer.WriteText(Usings);
        writer.WriteText(File);
        writer.Write(Line);
    }

    /// <summary>A script block that belongs to no session yet.</summary>
    /// <param name="mode">The language mode in which it runs wherever it is called; null: its caller's.</param>
    /// <exception cref="ParseException">A base class or a module is missing.</exception>
    public ScriptBlock ToScriptBlock(PSLanguageMode? mode = null)
    {
        string padded = Usings + new string('\n', Math.Max(0, Line - 1)) + Text;
        ScriptBlockAst tree = Parser.ParseInput(padded, File.Length == 0 ? null : File, out _, out ParseError[] errors);
        return errors.Length == 0 ? EngineInternals.WithLanguageMode(tree.GetScriptBlock(), mode) : throw new ParseException(errors);
    }

    // Types come from the assembly or module, whose path may be relative to the file.
    private static string UsingsOf(Ast root) =>
        string.Concat((root as ScriptBlockAst)?.UsingStatements.Select(statement => statement.Extent.Text.TrimEnd(';') + "; ") ?? []);
}
