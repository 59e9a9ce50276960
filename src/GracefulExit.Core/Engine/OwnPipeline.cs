using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GracefulExit.Engine;

/// <summary>
/// A pipeline of the module's own, written as a script: <c>param($b, $a) . $b @a</c>. Each word of its commands is one of the
/// parameters, which stand for what a caller gives.
/// </summary>
internal sealed class OwnPipeline
{
    private OwnPipeline(ScriptBlock script)
    {
        Script = script;
        ScriptBlockAst ast = (ScriptBlockAst)script.Ast;
        IReadOnlyList<ParameterAst> parameters = ast.ParamBlock.Parameters;
        ReadOnlyCollection<CommandBaseAst> commands = ((PipelineAst)ast.EndBlock.Statements[0]).PipelineElements;
        Commands = new Command[commands.Count];
        for (int i = 0; i < Commands.Length; i++)
        {
            Commands[i] = new Command((CommandAst)commands[i], parameters);
        }
    }

    /// <summary>Gets the script, for the engine.</summary>
    public ScriptBlock Script { get; }

    /// <summary>Gets the commands in their order.</summary>
    public Command[] Commands { get; }

    /// <summary>Creates a pipeline.</summary>
    /// <param name="text">One statement. It must not contain anything from a user.</param>
    public static OwnPipeline Create(string text) => new(OwnScript.Create(text));

    /// <summary>A command of the pipeline.</summary>
    internal sealed class Command
    {
        public Command(CommandAst ast, IReadOnlyList<ParameterAst> parameters)
        {
            Ast = ast;
            Words = new Word[ast.CommandElements.Count];
            for (int i = 0; i < Words.Length; i++)
            {
                Words[i] = new Word((VariableExpressionAst)ast.CommandElements[i], parameters);
            }
        }

        public CommandAst Ast { get; }

        /// <summary>Gets the command's name and its arguments.</summary>
        public Word[] Words { get; }
    }

    /// <summary>A word of a command.</summary>
    internal sealed class Word
    {
        public Word(VariableExpressionAst ast, IReadOnlyList<ParameterAst> parameters)
        {
            Ast = ast;
            while (parameters[Parameter].Name.VariablePath.UserPath != ast.VariablePath.UserPath)
            {
                Parameter++;
            }
        }

        public VariableExpressionAst Ast { get; }

        /// <summary>Gets which parameter of the script it is, from 0.</summary>
        public int Parameter { get; }
    }
}
