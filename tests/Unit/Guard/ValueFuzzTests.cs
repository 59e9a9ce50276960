using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Management.Automation;
using GracefulExit.Guard;
using GracefulExit.Rescue;

namespace GracefulExit.Unit.Guard;

/// <summary>A thousand payloads of odd names, odd types and objects that refer to each other at random: none fails, none hangs.</summary>
public sealed class ValueFuzzTests
{
    private const int Payloads = 1000;

    private static readonly string[] Names =
    [
        "", " ", "a", "PSTypeName", "Kind", "Type", "Value", "’", "‘‚‛", "“”„", "`", "'", "\"", "$(Remove-Item x)", "a:b", "[x]", "*", "\0", "\n",
        "\ud800", "🦆", "System.IO.StreamWriter", "GracefulExit.Guard.Note", "__proto__", "#< CLIXML", "@{}", new('x', 5000),
    ];

    [Fact]
    public void A_thousand_payloads_arrive()
    {
        long start = Stopwatch.GetTimestamp();
        int seed = Environment.TickCount;
        for (int i = 0; i < Payloads; i++)
        {
            try
            {
                SendOne(new Random(seed + i));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed + i}", exception);
            }
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    private static void SendOne(Random random)
    {
        Maker maker = new(random);
        CapturedSession session = PayloadFixture.Session with
        {
            Variables = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => new CapturedVariable(maker.Name(), maker.Any(), (ScopedItemOptions)random.Next(0, 3)))],
            Functions = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => new CapturedFunction(maker.Name(), ScriptText.Of(ScriptBlock.Create("1")), (PSLanguageMode?)random.Next(0, 4)))],
            Aliases = new Dictionary<string, string> { [maker.Name()] = maker.Name() },
            Modules = [maker.Name()],
            Location = maker.Name(),
        };
        GuardPayload payload = PayloadFixture.Of(session, ScriptBlock.Create("1"));
        CapturedSession arrived = GuardPayload.FromBytes(payload.ToBytes()).ToSession(static (_, _) => { });
        Assert.Equal(session.Variables.Select(static variable => variable.Name), arrived.Variables.Select(static variable => variable.Name));
        Assert.Equal(session.Functions, arrived.Functions);

        // What has arrived is as good as what was sent: sent once more, it arrives as itself.
        GuardPayload.FromBytes(PayloadFixture.Of(arrived, ScriptBlock.Create("1")).ToBytes()).ToSession(static (_, _) => { });
    }

    /// <summary>Makes values, of which later ones refer to earlier ones, and earlier ones to later ones.</summary>
    private sealed class Maker(Random random)
    {
        private readonly List<object> _made = [];

        public string Name() => Names[random.Next(Names.Length)] + (random.Next(3) == 0 ? Names[random.Next(Names.Length)] : string.Empty);

        public object? Any(int depth = 0)
        {
            if (_made.Count > 0 && random.Next(4) == 0)
            {
                return _made[random.Next(_made.Count)];
            }

            if (depth > 5 || random.Next(3) == 0)
            {
                return Leaf();
            }

            object made = Container();
            _made.Add(made);
            for (int i = random.Next(0, 6); i > 0; i--)
            {
                Put(made, depth);
            }

            return made;
        }

        private object? Leaf() => random.Next(16) switch
        {
            0 => null,
            1 => Name(),
            2 => random.Next(),
            3 => random.NextDouble(),
            4 => DayOfWeek.Friday,
            5 => (ConsoleModifiers)random.Next(),
            6 => typeof(Dictionary<,>),
            7 => ScriptBlock.Create("'block'"),
            8 => new Uri("relative", UriKind.Relative),
            9 => new MemoryStream(),
            10 => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), (DateTimeKind)random.Next(3)),
            11 => new Func<int>(static () => 1),
            12 => new Version(1, 2),
            13 => new InvalidOperationException(Name()),
            14 => new object(),
            _ => new FileInfo("/tmp/x"),
        };

        private object Container() => random.Next(14) switch
        {
            0 => new ArrayList(),
            1 => new Hashtable(StringComparer.CurrentCultureIgnoreCase),
            2 => new OrderedDictionary(StringComparer.OrdinalIgnoreCase),
            3 => new PSObject(),
            4 => new object?[random.Next(0, 4)],
            5 => new List<object?>(),
            6 => new Dictionary<string, object?>(),
            7 => new Queue(),
            8 => new Stack<object?>(),
            9 => Hashtable.Synchronized([]),
            10 => new LinkedList<object?>(),
            11 => new object?[2, 2],
            12 => new HashSet<object?>(),
            _ => new List<PSObject?>(),
        };

        private void Put(object container, int depth)
        {
            object? value = Any(depth + 1);
            switch (container)
            {
                case PSObject custom when random.Next(3) == 0:
                    string typeName = Name();
                    if (typeName.Length > 0 && !custom.TypeNames.Contains(typeName))
                    {
                        custom.TypeNames.Insert(0, typeName);
                    }

                    break;
                case PSObject custom:
                    string name = Name();
                    if (name.Length > 0 && custom.Properties[name] is null)
                    {
                        custom.Properties.Add(new PSNoteProperty(name, value));
                    }

                    break;
                case Dictionary<string, object?> typed:
                    typed[Name()] = value;
                    break;
                case IDictionary dictionary:
                    dictionary[random.Next(2) == 0 ? Name() : value ?? 0] = value;
                    break;
                case object?[] array when array.Length > 0:
                    array[random.Next(array.Length)] = value;
                    break;
                case object?[,] grid:
                    grid[random.Next(2), random.Next(2)] = value;
                    break;
                case List<PSObject?> list:
                    list.Add(value is null ? null : PSObject.AsPSObject(value));
                    break;
                case IList list and not Array:
                    list.Add(value);
                    break;
                case Queue queue:
                    queue.Enqueue(value);
                    break;
                case Stack<object?> stack:
                    stack.Push(value);
                    break;
                case LinkedList<object?> linked:
                    linked.AddLast(value);
                    break;
                case HashSet<object?> set:
                    set.Add(value);
                    break;
            }
        }
    }
}
