using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using GracefulExit.Engine;
using GracefulExit.Guard;

namespace GracefulExit.Unit.Guard;

/// <summary>Values on their way to a guard: packed, as bytes, and made again.</summary>
public sealed class ValueGraphTests
{
    [Flags]
    public enum Colours
    {
        None = 0,
        Red = 1,
        Green = 2,
    }

    public static IEnumerable<TheoryDataRow<string>> Names() => Values.Keys.Select(name => new TheoryDataRow<string>(name));

    /// <summary>Each with its own type, and to be equal afterwards.</summary>
    private static readonly Dictionary<string, object> Values = new()
    {
        ["text"] = "déjà vu\r\n\t<&>\0\u0001 _x0041_ 🦆",
        ["empty text"] = "",
        ["character"] = 'ü',
        ["yes"] = true,
        ["no"] = false,
        ["byte"] = byte.MaxValue,
        ["signed byte"] = sbyte.MinValue,
        ["short"] = short.MinValue,
        ["unsigned short"] = ushort.MaxValue,
        ["integer"] = int.MinValue,
        ["unsigned integer"] = uint.MaxValue,
        ["long"] = long.MinValue,
        ["unsigned long"] = ulong.MaxValue,
        ["single"] = 0.1f,
        ["double"] = 0.1,
        ["smallest double"] = double.Epsilon,
        ["not a number"] = double.NaN,
        ["infinity"] = double.NegativeInfinity,
        ["decimal"] = 79228162514264337593543950335m,
        ["big integer"] = BigInteger.Pow(10, 100),
        ["local time"] = new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Local).AddTicks(1),
        ["universal time"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        ["time of no place"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Unspecified),
        ["time with offset"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(330)).AddTicks(1),
        ["span"] = new TimeSpan(1, 2, 3, 4, 5, 6),
        ["date"] = new DateOnly(2026, 1, 2),
        ["time"] = new TimeOnly(3, 4, 5),
        ["enumeration"] = DayOfWeek.Friday,
        ["flags"] = Colours.Red | Colours.Green,
        ["guid"] = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
        ["uri"] = new Uri("https://example.org/a?b=c#d"),
        ["version"] = new Version(1, 2, 3, 4),
        ["address"] = IPAddress.Parse("fe80::1"),
        ["endpoint"] = new IPEndPoint(IPAddress.Loopback, 8080),
        ["culture"] = CultureInfo.GetCultureInfo("de-DE"),
        ["mail address"] = new MailAddress("somebody@example.org"),
        ["type"] = typeof(Dictionary<string, int>),
        ["bytes"] = new byte[] { 0, 1, 255 },
        ["array"] = new object?[] { "a", 1, null, 2.5 },
        ["array of texts"] = new[] { "a", "", "b" },
        ["array of integers"] = new[] { 1, 2, 3 },
        ["empty array"] = Array.Empty<object>(),
        ["array of one"] = new object[] { "only" },
        ["arrays in arrays"] = new object[] { new object[] { 1, 2 }, Array.Empty<int>(), new object[] { new object[] { "deep" } } },
        ["read-only collection"] = new System.Collections.ObjectModel.ReadOnlyCollection<int>([1, 2]),
        ["collection"] = new System.Collections.ObjectModel.Collection<string> { "a" },
        ["nullable"] = new int?[] { 1, null },
        ["bag"] = new ConcurrentBag<int> { 1 },
        ["sorted list"] = new SortedList<string, int> { ["b"] = 2, ["a"] = 1 },
        ["dictionary of enumerations"] = new Dictionary<DayOfWeek, DayOfWeek[]> { [DayOfWeek.Friday] = [DayOfWeek.Monday] },
        ["two dimensions"] = new[,] { { 1, 2 }, { 3, 4 } },
        ["array list"] = new ArrayList { 1, "a", new[] { 2, 3 } },
        ["list"] = new List<int> { 3, 4 },
        ["list of texts"] = new List<string> { "x" },
        ["list of anything"] = new List<object> { 1, "x", new[] { 1 } },
        ["linked list"] = new LinkedList<int>([1, 2, 3]),
        ["three dimensions"] = new string?[,,] { { { "a", null }, { "b", "c" } } },
        ["array of arrays"] = new[] { new[] { 1, 2 }, [], [3] },
        ["sorted set"] = new SortedSet<int> { 3, 1 },
        ["stack of anything"] = new Stack(new object[] { 1, "x" }),
        ["set"] = new HashSet<string> { "a", "b" },
        ["queue"] = new Queue<int>([1, 2, 3]),
        ["queue of anything"] = new Queue(new[] { 1, 2, 3 }),
        ["stack"] = new Stack<int>([1, 2, 3]),
        ["hashtable"] = new Hashtable { ["a"] = 1, [2] = "b", ["nested"] = new Hashtable { ["deep"] = new[] { 1, 2 } } },
        ["hashtable with keys that differ in case"] = new Hashtable { ["a"] = 1, ["A"] = 2 },
        ["hashtable with other keys"] = new Hashtable { [DayOfWeek.Friday] = 1, [typeof(int)] = 2 },
        ["ordered with other keys"] = new OrderedDictionary { [DayOfWeek.Friday] = 1, [new DateOnly(2026, 1, 2)] = 2 },
        ["ordered"] = new OrderedDictionary { ["z"] = 1, ["a"] = new object[] { 2 }, ["m"] = null },
        ["dictionary"] = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 },
        ["dictionary of dates"] = new Dictionary<int, DateTime> { [1] = new(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc) },
        ["dictionary of lists"] = new Dictionary<string, List<int>> { ["a"] = [1, 2] },
        ["sorted"] = new SortedDictionary<string, int> { ["b"] = 2, ["a"] = 1 },
        ["concurrent"] = new ConcurrentDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 }),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_arrives_unchanged(string name)
    {
        object value = Values[name];
        object? arrived = Send(value, ValueFidelity.Exact);
        Assert.IsType(value.GetType(), arrived);
        Assert.Equal(value, arrived);
    }

    [Fact]
    public void Null_arrives_as_null() => Assert.Null(Send(null, ValueFidelity.Exact));

    [Fact]
    public void A_wrapped_value_arrives_unwrapped() => Assert.Equal(5, Send(PSObject.AsPSObject(5), ValueFidelity.Exact));

    [Fact]
    public void An_address_of_a_private_class_arrives_as_an_equal_one() =>
        Assert.Equal(IPAddress.Any, Send(IPAddress.Any, ValueFidelity.Exact));

    [Fact]
    public void A_regular_expression_arrives_with_its_text_and_options()
    {
        Regex arrived = Assert.IsType<Regex>(Send(new Regex("^a+$", RegexOptions.IgnoreCase | RegexOptions.Multiline), ValueFidelity.Exact));
        Assert.Equal("^a+$", arrived.ToString());
        Assert.Equal(RegexOptions.IgnoreCase | RegexOptions.Multiline, arrived.Options);
    }

    [Fact]
    public void Tables_compare_keys_as_those_of_a_script_do()
    {
        Hashtable table = Assert.IsType<Hashtable>(Send(new Hashtable(StringComparer.CurrentCultureIgnoreCase) { ["Path"] = "/tmp/x" }, ValueFidelity.Exact));
        Assert.Equal("/tmp/x", table["PATH"]);
        OrderedDictionary ordered = Assert.IsType<OrderedDictionary>(
            Send(new OrderedDictionary(StringComparer.CurrentCultureIgnoreCase) { ["z"] = 1, ["a"] = 2 }, ValueFidelity.Exact));
        Assert.Equal(["z", "a"], ordered.Keys.Cast<string>());
        Assert.Equal(2, ordered["A"]);
        Hashtable mixed = Assert.IsType<Hashtable>(
            Send(new Hashtable(StringComparer.CurrentCultureIgnoreCase) { [DayOfWeek.Friday] = 1, ["a"] = 2 }, ValueFidelity.Exact));
        Assert.Equal(1, mixed[DayOfWeek.Friday]);
        Assert.Equal(2, mixed["A"]);
    }

    [Fact]
    public void Collections_that_ignore_case_still_do()
    {
        var dictionary = Assert.IsType<Dictionary<string, int>>(Send(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, ValueFidelity.Exact));
        Assert.Equal(1, dictionary["A"]);
        var sorted = Assert.IsType<SortedDictionary<string, int>>(Send(new SortedDictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, ValueFidelity.Exact));
        Assert.Equal(1, sorted["A"]);
        Assert.Contains("A", Assert.IsType<HashSet<string>>(Send(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }, ValueFidelity.Exact)));
        Assert.DoesNotContain("A", Assert.IsType<HashSet<string>>(Send(new HashSet<string> { "a" }, ValueFidelity.Exact)));
    }

    [Fact]
    public void A_custom_object_arrives_with_its_properties_in_order_and_its_type_name()
    {
        PSObject custom = new();
        custom.TypeNames.Insert(0, "My.Report");
        custom.Properties.Add(new PSNoteProperty("Zeta", 1));
        custom.Properties.Add(new PSNoteProperty("Alpha", new object[] { "x", DayOfWeek.Friday }));
        PSObject inner = new();
        inner.Properties.Add(new PSNoteProperty("File", new FileInfo("/tmp/some.txt")));
        custom.Properties.Add(new PSNoteProperty("Inner", inner));

        PSObject arrived = Assert.IsType<PSObject>(Send(custom, ValueFidelity.Exact));
        Assert.IsType<PSCustomObject>(arrived.BaseObject);
        Assert.Equal("My.Report", arrived.TypeNames[0]);
        Assert.Equal(["Zeta", "Alpha", "Inner"], arrived.Properties.Select(property => property.Name));
        Assert.Equal(1, arrived.Properties["Zeta"].Value);
        Assert.Equal(new object[] { "x", DayOfWeek.Friday }, arrived.Properties["Alpha"].Value);
        PSObject arrivedInner = Assert.IsType<PSObject>(arrived.Properties["Inner"].Value);
        Assert.Equal("/tmp/some.txt", Assert.IsType<FileInfo>(arrivedInner.Properties["File"].Value).FullName);
    }

    [Fact]
    public void Files_and_directories_arrive_with_their_full_names()
    {
        Assert.Equal("/tmp/some.txt", Assert.IsType<FileInfo>(Send(new FileInfo("/tmp/some.txt"), ValueFidelity.Exact)).FullName);
        Assert.Equal("/tmp/some", Assert.IsType<DirectoryInfo>(Send(new DirectoryInfo("/tmp/some"), ValueFidelity.Exact)).FullName);
        FileInfo[] files = Assert.IsType<FileInfo[]>(Send(new[] { new FileInfo("/tmp/a"), new FileInfo("/tmp/b") }, ValueFidelity.Exact));
        Assert.Equal(["a", "b"], files.Select(file => file.Name));
    }

    [Fact]
    public void A_credential_arrives_with_its_password()
    {
        PSCredential arrived = Assert.IsType<PSCredential>(
            Send(new PSCredential("user", new NetworkCredential("", "sécret").SecurePassword), ValueFidelity.Exact));
        Assert.Equal("user", arrived.UserName);
        Assert.Equal("sécret", arrived.GetNetworkCredential().Password);
    }

    [Fact]
    public void A_script_block_arrives_as_text_that_belongs_to_no_session()
    {
        ScriptBlock arrived = Assert.IsType<ScriptBlock>(Send(ScriptBlock.Create("param($x) $x + 1"), ValueFidelity.Exact));
        Assert.Equal("param($x) $x + 1", arrived.ToString());
    }

    [Fact]
    public void A_document_arrives()
    {
        XmlDocument document = new();
        document.LoadXml("<a b=\"c\">d</a>");
        Assert.Equal(document.OuterXml, Assert.IsType<XmlDocument>(Send(document, ValueFidelity.Exact)).OuterXml);
    }

    [Fact]
    public void A_process_arrives_as_the_same_if_it_still_runs()
    {
        using Process own = Process.GetCurrentProcess();
        using Process arrived = Assert.IsType<Process>(Send(own, ValueFidelity.Exact));
        Assert.Equal(own.Id, arrived.Id);

        using Process ended = Process.Start("sleep", "1000");
        ValueGraph packed = ValueTransport.Pack(ended, out _);
        ended.Kill();
        ended.WaitForExit();
        Assert.Null(ValueTransport.Receive(packed));
    }

    [Fact]
    public void An_object_of_this_process_only_arrives_as_null_and_the_rest_arrives()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        using MemoryStream stream = new();
        Assert.Null(Send(listener, ValueFidelity.Dropped));
        Assert.Null(Send(stream, ValueFidelity.Dropped));
        Assert.Null(Send(() => 1, ValueFidelity.Dropped));
        Assert.Null(Send(Task.CompletedTask, ValueFidelity.Dropped));
        Assert.Null(Send(Thread.CurrentThread, ValueFidelity.Dropped));
        Hashtable table = Assert.IsType<Hashtable>(Send(new Hashtable { ["listener"] = listener, ["port"] = 80 }, ValueFidelity.Dropped));
        Assert.Null(table["listener"]);
        Assert.Equal(80, table["port"]);
    }

    [Fact]
    public void Other_objects_arrive_as_a_copy_of_their_properties()
    {
        PSObject arrived = Assert.IsType<PSObject>(Send(new StringBuilder("text"), ValueFidelity.Copy));
        Assert.Equal(4, arrived.Properties["Length"].Value);
        Assert.Equal(typeof(StringBuilder).FullName, arrived.TypeNames[0]);
    }

    [Fact]
    public void A_property_that_can_not_be_read_is_left_out()
    {
        PSObject arrived = Assert.IsType<PSObject>(Send(new Fragile("whole"), ValueFidelity.Copy));
        Assert.Equal(["Whole"], arrived.Properties.Select(property => property.Name));
    }

    [Fact]
    public void An_object_that_contains_itself_still_does()
    {
        Hashtable table = new() { ["name"] = "loop" };
        table["self"] = table;
        Hashtable arrived = Assert.IsType<Hashtable>(Send(table, ValueFidelity.Exact));
        Assert.Equal("loop", arrived["name"]);
        Assert.Same(arrived, arrived["self"]);

        ArrayList list = [1];
        list.Add(list);
        ArrayList arrivedList = Assert.IsType<ArrayList>(Send(list, ValueFidelity.Exact));
        Assert.Same(arrivedList, arrivedList[1]);

        PSObject parent = new();
        PSObject child = new();
        parent.Properties.Add(new PSNoteProperty("Child", child));
        child.Properties.Add(new PSNoteProperty("Parent", parent));
        PSObject arrivedParent = Assert.IsType<PSObject>(Send(parent, ValueFidelity.Exact));
        PSObject arrivedChild = Assert.IsType<PSObject>(arrivedParent.Properties["Child"].Value);
        Assert.Same(arrivedParent, arrivedChild.Properties["Parent"].Value);
    }

    [Fact]
    public void An_object_that_variables_share_stays_shared()
    {
        List<string> shared = ["a"];
        string text = new('x', 1000);
        Hashtable first = new() { ["list"] = shared, ["text"] = text };
        object?[] second = [shared, shared, text];
        Dictionary<string, object?> arrived = ValueTransport.Send(("first", first), ("second", second), ("third", shared));
        Hashtable arrivedFirst = Assert.IsType<Hashtable>(arrived["first"]);
        object?[] arrivedSecond = Assert.IsType<object?[]>(arrived["second"]);
        Assert.Same(arrivedFirst["list"], arrivedSecond[0]);
        Assert.Same(arrivedFirst["list"], arrivedSecond[1]);
        Assert.Same(arrivedFirst["list"], arrived["third"]);
        Assert.Same(arrivedFirst["text"], arrivedSecond[2]);
        Assert.Equal(["a"], Assert.IsType<List<string>>(arrived["third"]));
    }

    /// <summary>Each node refers to its parent and to all its brothers: the number of ways from one to another has no bound.</summary>
    [Theory]
    [InlineData(15)]
    [InlineData(40)]
    [InlineData(400)]
    public void A_tree_with_links_to_parents_and_brothers_grows_with_its_objects(int children)
    {
        Hashtable root = new() { ["name"] = "root" };
        Hashtable[] all = [.. Enumerable.Range(0, children).Select(i => new Hashtable { ["number"] = i, ["parent"] = root })];
        Array.ForEach(all, child => child["brothers"] = all);
        root["children"] = all;

        // Some hundred bytes for each link, not for each way.
        ValueGraph graph = ValueTransport.Pack(root, out ValueFidelity fidelity);
        Assert.Equal(ValueFidelity.Exact, fidelity);
        Assert.Equal(children + 2, graph.Variables[0].NodeCount);
        Assert.InRange(graph.Variables[0].Nodes.Length, 1, 300 * (children + 2) + (8 * children));
        Hashtable arrived = Assert.IsType<Hashtable>(ValueTransport.Receive(graph));
        object?[] arrivedChildren = [.. Assert.IsType<Hashtable[]>(arrived["children"])];
        Assert.All(arrivedChildren, child => Assert.Same(arrived, Assert.IsType<Hashtable>(child)["parent"]));
    }

    [Fact]
    public void Deep_nesting_does_not_overflow_the_stack()
    {
        const int depth = 100_000;
        object value = new object[] { "end" };
        for (int i = 1; i < depth; i++)
        {
            value = new[] { value };
        }

        object? arrived = Send(value, ValueFidelity.Exact);
        int levels = 0;
        while (arrived is object[] level)
        {
            arrived = level[0];
            levels++;
        }

        Assert.Equal("end", arrived);
        Assert.Equal(depth, levels);
    }

    [Fact]
    public void Too_many_objects_are_dropped_as_a_whole_and_the_others_arrive()
    {
        object[] many = [.. Enumerable.Range(0, ValueGraph.MaximumNodes).Select(static _ => new object[1])];
        List<ValueFidelity> told = [];
        List<int> other = [1, 2];
        Dictionary<string, object?> arrived = ValueTransport.Send(
            fidelity => told.Add(fidelity), ("many", many), ("other", other), ("part", many[0]));
        Assert.Equal([ValueFidelity.TooBig], told);
        Assert.Null(arrived["many"]);
        Assert.Equal(other, arrived["other"]);
        Assert.IsType<object[]>(arrived["part"]);
    }

    [Fact]
    public void Too_many_bytes_are_dropped_as_a_whole()
    {
        List<ValueFidelity> told = [];
        Dictionary<string, object?> arrived = ValueTransport.Send(
            fidelity => told.Add(fidelity), ("big", new byte[ValueGraph.MaximumBytes + 1]), ("small", "x"), ("text", new string('x', ValueGraph.MaximumBytes)));
        Assert.Equal([ValueFidelity.TooBig, ValueFidelity.TooBig], told);
        Assert.Null(arrived["big"]);
        Assert.Equal("x", arrived["small"]);
    }

    /// <summary>Names of the module's own, and everything else that a type could be named by.</summary>
    [Theory]
    [InlineData("GracefulExit.Guard.Note")]
    [InlineData("Deserialized.GracefulExit.Guard.Note")]
    [InlineData("System.IO.StreamWriter")]
    [InlineData("System.Management.Automation.ScriptBlock")]
    [InlineData("System.Management.Automation.PSCustomObject")]
    public void No_text_in_a_value_makes_the_guard_construct_a_type(string typeName)
    {
        string victim = Path.GetTempFileName();
        File.WriteAllText(victim, "content");
        PSObject forged = new();
        forged.TypeNames.Insert(0, typeName);
        forged.Properties.Add(new PSNoteProperty("Kind", "List"));
        forged.Properties.Add(new PSNoteProperty("Type", typeof(StreamWriter).AssemblyQualifiedName));
        forged.Properties.Add(new PSNoteProperty("Value", victim));
        forged.Properties.Add(new PSNoteProperty("PSTypeName", typeName));
        PSObject arrived = Assert.IsType<PSObject>(Send(forged, ValueFidelity.Exact));
        Assert.IsType<PSCustomObject>(arrived.BaseObject);
        Assert.Equal(victim, Assert.IsType<string>(arrived.Properties["Value"].Value));
        Assert.Equal(typeName, arrived.TypeNames[0]);

        Hashtable table = new() { ["PSTypeName"] = typeName, ["Kind"] = "ScriptBlock", ["Type"] = typeof(ScriptBlock).AssemblyQualifiedName, ["Value"] = "throw" };
        Assert.Equal("throw", Assert.IsType<string>(Assert.IsType<Hashtable>(Send(table, ValueFidelity.Exact))["Value"]));
        Assert.Equal("content", File.ReadAllText(victim));
        File.Delete(victim);
    }

    /// <summary>The name of an enumeration is the one name of a type that is told: with another type's in its place nothing is made.</summary>
    [Fact]
    public void A_name_that_is_not_an_enumeration_becomes_a_text()
    {
        ValueGraph graph = ValueTransport.Pack(new object[] { DayOfWeek.Friday }, out _);
        ValueGraph forged = graph with { Names = [.. graph.Names.Select(static _ => typeof(StreamWriter).AssemblyQualifiedName!)] };
        Assert.Equal(new object[] { "Friday" }, ValueTransport.Receive(forged));
    }

    /// <summary>Only what the guard knows is made; of a class of a library or a script only the nearest known base, or its items.</summary>
    [Fact]
    public void Collections_of_other_classes_arrive_as_the_closest_known_ones()
    {
        Assert.Equal([1, 2], Assert.IsType<List<int>>(Send(new Numbers { 1, 2 }, ValueFidelity.Copy)));
        Assert.Equal(new object[] { true, false }, Assert.IsType<object[]>(Send(new BitArray([true, false]), ValueFidelity.Copy)));
        object?[] fragile = Assert.IsType<object?[]>(Send(new[] { new Fragile("a") }, ValueFidelity.Copy));
        Assert.Equal("a", Assert.IsType<PSObject>(fragile[0]).Properties["Whole"].Value);
    }

    [Fact]
    public void Synchronized_collections_stay_synchronized()
    {
        Hashtable table = Assert.IsAssignableFrom<Hashtable>(Send(Hashtable.Synchronized(new Hashtable { ["a"] = 1 }), ValueFidelity.Exact));
        Assert.True(table.IsSynchronized);
        Assert.Equal(1, table["a"]);
        ArrayList list = Assert.IsAssignableFrom<ArrayList>(Send(ArrayList.Synchronized([1, 2]), ValueFidelity.Exact));
        Assert.True(list.IsSynchronized);
        Assert.Equal([1, 2], list.Cast<int>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_encoding_arrives_with_or_without_its_mark(bool hasMark) =>
        Assert.Equal(new UTF8Encoding(hasMark), Send(new UTF8Encoding(hasMark), ValueFidelity.Exact));

    [Fact]
    public void Default_parameter_values_arrive_as_such()
    {
        DefaultParameterDictionary defaults = new() { ["*:Confirm"] = true };
        Assert.Equal(true, Assert.IsType<DefaultParameterDictionary>(Send(defaults, ValueFidelity.Exact))["*:Confirm"]);
    }

    /// <summary>Another thread fills it all the while: it is copied, or the loss is told. Neither takes long.</summary>
    [Theory]
    [InlineData(typeof(Hashtable))]
    [InlineData(typeof(ArrayList))]
    [InlineData(typeof(List<object>))]
    [InlineData(typeof(Dictionary<object, object>))]
    [InlineData(typeof(OrderedDictionary))]
    [InlineData(typeof(HashSet<object>))]
    [InlineData(typeof(LinkedList<object>))]
    public void A_collection_that_another_thread_fills_is_copied_or_reported(Type type)
    {
        object collection = Activator.CreateInstance(type)!;
        using CancellationTokenSource end = new();
        using ManualResetEventSlim filling = new();
        Thread filler = new(() =>
        {
            for (int i = 0; !end.IsCancellationRequested && i < 2_000_000; i++)
            {
                Add(collection, i);
                filling.Set();
            }
        });
        filler.Start();
        Assert.True(filling.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        try
        {
            object? arrived = ValueTransport.Receive(ValueTransport.Pack(collection, out ValueFidelity fidelity));
            Assert.True(fidelity is ValueFidelity.Exact ? arrived!.GetType() == type
                : fidelity is ValueFidelity.Busy or ValueFidelity.TooBig && arrived is null, $"{fidelity} {arrived}");
        }
        finally
        {
            end.Cancel();
            filler.Join();
        }
    }

    private static void Add(object collection, int item)
    {
        switch (collection)
        {
            case IDictionary dictionary:
                dictionary[item] = item;
                break;
            case IList list:
                list.Add(item);
                break;
            case HashSet<object> set:
                set.Add(item);
                break;
            default:
                ((LinkedList<object>)collection).AddLast(item);
                break;
        }
    }

    /// <summary>A property that waits for ever costs its variable and a bounded time; the others arrive.</summary>
    [Fact]
    public void A_value_that_can_not_be_read_in_time_is_reported()
    {
        using ManualResetEventSlim never = new();
        List<ValueFidelity> told = [];
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, object?> arrived = ValueTransport.Send(
            fidelity => told.Add(fidelity), ("before", new ArrayList { 1 }), ("stuck", new Stuck(never)), ("after", DayOfWeek.Friday));
        never.Set();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Equal([ValueFidelity.Busy], told);
        Assert.Null(arrived["stuck"]);
        Assert.Equal(new ArrayList { 1 }, arrived["before"]);
        Assert.Equal(DayOfWeek.Friday, arrived["after"]);
    }

    [Fact]
    public void A_script_block_keeps_its_language_mode()
    {
        ScriptBlock block = EngineInternals.WithLanguageMode(ScriptBlock.Create("1"), PSLanguageMode.ConstrainedLanguage);
        ScriptBlock arrived = Assert.IsType<ScriptBlock>(Send(block, ValueFidelity.Exact));
        Assert.Equal(PSLanguageMode.ConstrainedLanguage, EngineInternals.LanguageModeOf(arrived));
    }

    [Fact]
    public void A_text_with_unpaired_surrogates_arrives() => Assert.Equal("a\ud800b", Send("a\ud800b", ValueFidelity.Exact));

    [Fact]
    public void Big_values_arrive_whole()
    {
        string text = new('x', 5_000_000);
        Assert.Equal(text, Send(text, ValueFidelity.Exact));
        int[] numbers = [.. Enumerable.Range(0, 100_000)];
        Assert.Equal(numbers, Send(numbers, ValueFidelity.Exact));
    }

    [Fact]
    public void Later_changes_are_not_seen()
    {
        Hashtable table = new() { ["inner"] = new ArrayList { 1 } };
        ValueGraph packed = ValueTransport.Pack(table, out _);
        ((ArrayList)table["inner"]!).Add(2);
        Assert.Equal(new ArrayList { 1 }, Assert.IsType<Hashtable>(ValueTransport.Receive(packed))["inner"]);
    }

    [Fact]
    public void A_value_of_a_missing_type_becomes_a_text_or_an_array()
    {
        Assert.Equal("Red", ReceiveWithoutTypes(ValueTransport.Pack(Colours.Red, out _)));
        Assert.Equal(new object[] { "Red" }, ReceiveWithoutTypes(ValueTransport.Pack(new[] { Colours.Red }, out _)));
        Assert.Equal([(object)"Red"], Assert.IsType<List<object>>(ReceiveWithoutTypes(ValueTransport.Pack(new List<Colours> { Colours.Red }, out _))));
    }

    private static object? ReceiveWithoutTypes(ValueGraph graph) =>
        ValueTransport.Receive(graph with { Names = [.. graph.Names.Select(static name => "Gone." + name)] });

    private static object? Send(object? value, ValueFidelity expected)
    {
        ValueGraph graph = ValueTransport.Pack(value, out ValueFidelity fidelity);
        Assert.Equal(expected, fidelity);
        return ValueTransport.Receive(graph);
    }

    private sealed class Numbers : List<int>;

    private sealed class Stuck(ManualResetEventSlim never)
    {
        public int Value
        {
            get
            {
                never.Wait();
                return 1;
            }
        }
    }

    private sealed class Fragile(string whole)
    {
        public string Whole => whole;

        public string Broken => throw new InvalidOperationException(whole);
    }
}
