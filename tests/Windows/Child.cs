using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace GracefulExit.Tests.WindowsDriver;

/// <summary>The process under test: with a console of its own, without a window, and with this process's output.</summary>
internal sealed unsafe class Child : IDisposable
{
    // Windows gives a process so long after a window was closed, and at a shutdown; then it ends it.
    private const uint CloseTime = 5000;
    private const uint ShutdownTime = 20000;

    // The status with which it ends a process then, and with which one ends that does not handle Ctrl+C.
    private const uint StatusControlCExit = 0xC000013A;
    private const uint StatusKilled = 0xFFFFFFFF;

    // On a very busy machine Wine may fail so to start a process. Nothing of it has run then.
    private const int InternalError = 1359;
    private const int Tries = 3;

    private readonly nint _process;
    private readonly Job _job = new();

    public Child(StartRequest request)
    {
        nint input = request.Input ? Kernel32.GetStdHandle(Kernel32.StandardInput) : Kernel32.CreateFile("NUL", Kernel32.GenericRead, Kernel32.ShareReadWrite, 0, Kernel32.OpenExisting, 0, 0);
        nint output = Kernel32.GetStdHandle(Kernel32.StandardOutput);
        nint error = Kernel32.GetStdHandle(Kernel32.StandardError);
        nint[] handles = [.. new[] { input, output, error }.Distinct()];
        foreach (nint handle in handles)
        {
            Check(Kernel32.SetHandleInformation(handle, Kernel32.InheritHandle, Kernel32.InheritHandle));
        }

        nuint size = 0;
        _ = Kernel32.InitializeProcThreadAttributeList(0, 1, 0, ref size);
        nint attributes = Marshal.AllocHGlobal((nint)size);
        Check(Kernel32.InitializeProcThreadAttributeList(attributes, 1, 0, ref size));
        try
        {
            fixed (nint* list = handles)
            fixed (char* commandLine = CommandLine(request.Arguments))
            fixed (char* environment = EnvironmentBlock(request.Variables))
            {
                // These and no other: the child must not hold this process's connection.
                Check(Kernel32.UpdateProcThreadAttribute(attributes, 0, Kernel32.HandleListAttribute, (nint)list, (nuint)(handles.Length * sizeof(nint)), 0, 0));
                var startup = new Kernel32.StartupInfo
                {
                    Size = (uint)sizeof(Kernel32.StartupInfo),
                    Flags = Kernel32.UseStandardHandles,
                    Input = input,
                    Output = output,
                    Error = error,
                    AttributeList = attributes,
                };
                Kernel32.ProcessInformation information;
                const uint Flags = Kernel32.CreateSuspended | Kernel32.CreateUnicodeEnvironment | Kernel32.ExtendedStartupInfo | Kernel32.CreateNoWindow;
                bool isStarted;
                int tries = 0;
                do
                {
                    isStarted = Kernel32.CreateProcess(request.Arguments[0], commandLine, 0, 0, true, Flags, environment, request.Directory, &startup, &information);
                    tries++;
                }
                while (!isStarted && tries < Tries && Marshal.GetLastPInvokeError() == InternalError);
                Check(isStarted);
                _process = information.Process;
                Id = information.ProcessId;
                _job.Add(_process);
                _ = Kernel32.ResumeThread(information.Thread);
                _ = Kernel32.CloseHandle(information.Thread);
            }
        }
        finally
        {
            Kernel32.DeleteProcThreadAttributeList(attributes);
            Marshal.FreeHGlobal(attributes);
            if (!request.Input)
            {
                _ = Kernel32.CloseHandle(input);
            }
        }
    }

    /// <summary>The process id.</summary>
    public uint Id { get; }

    /// <summary>The signal by whose name this process, in the system's place, has ended the child; null: none.</summary>
    public string? EndedBy { get; private set; }

    /// <summary>Whether a status is one with which this process has ended the child.</summary>
    /// <remarks>The threads of a process that ends itself go first: it can be taken for one whose handlers have returned.</remarks>
    public bool WasEnded(uint status) => EndedBy is not null && (status is StatusControlCExit or StatusKilled);

    /// <summary>The processes that are left of it and of what it has started.</summary>
    public IReadOnlyList<(int Id, string Program)> Processes() => _job.Processes();

    /// <summary>Waits until none of these is left.</summary>
    public void WaitForAll() => _job.WaitUntilEmpty();

    /// <summary>Ends everything.</summary>
    public void Kill() => _job.Kill();

    /// <summary>Waits for the child's end.</summary>
    /// <returns>Its status.</returns>
    public uint WaitForExit()
    {
        _ = Kernel32.WaitForSingleObject(_process, Kernel32.Infinite);
        Check(Kernel32.GetExitCodeProcess(_process, out uint status));
        return status;
    }

    /// <summary>Delivers what Windows has in a signal's place.</summary>
    /// <returns>False if the child has ended.</returns>
    public bool Signal(string name)
    {
        if (Kernel32.WaitForSingleObject(_process, 0) != Kernel32.WaitTimeout)
        {
            return false;
        }

        try
        {
            switch (name)
            {
                case "SIGINT":
                    Send(ConsoleEvent.ControlC);
                    break;
                case "SIGQUIT":
                    Send(ConsoleEvent.ControlBreak);
                    break;
                case "SIGHUP":
                    EndAfter(name, Send(ConsoleEvent.Close), CloseTime);
                    break;
                case "SIGTERM":
                    EndAfter(name, Send(ConsoleEvent.Shutdown), ShutdownTime);
                    break;
                case "SIGKILL":
                    EndedBy = name;
                    _ = Kernel32.TerminateProcess(_process, StatusKilled);
                    break;
                default:
                    throw new InvalidOperationException($"Windows has nothing in the place of {name}.");
            }

            return true;
        }
        catch (Win32Exception) when (Kernel32.WaitForSingleObject(_process, 0) != Kernel32.WaitTimeout)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _job.Dispose();
        _ = Kernel32.CloseHandle(_process);
    }

    private IReadOnlyList<ConsoleEvent.Delivery> Send(uint kind) => ConsoleEvent.Send(Id, kind);

    // After these events Windows ends each process whose handlers have returned, or have taken too long.
    private void EndAfter(string name, IReadOnlyList<ConsoleEvent.Delivery> deliveries, uint time)
    {
        foreach (var (process, thread) in deliveries)
        {
            new Thread(() =>
            {
                nint* handles = stackalloc nint[] { thread, process };
                long start = Environment.TickCount64;
                _ = Kernel32.WaitForMultipleObjects(2, handles, false, time);

                // The threads of a process that ends itself go first, with its status: then there is nothing left to do. To end it
                // once more would, under Wine, change that status.
                if (Kernel32.GetExitCodeThread(thread, out uint result) && result is not (ConsoleEvent.Returned or ConsoleEvent.StillActive))
                {
                    _ = Kernel32.WaitForSingleObject(process, (uint)Math.Max(0, time - (Environment.TickCount64 - start)));
                }

                if (Kernel32.WaitForSingleObject(process, 0) == Kernel32.WaitTimeout)
                {
                    EndedBy ??= name;
                    _ = Kernel32.TerminateProcess(process, StatusControlCExit);
                }
            }) { IsBackground = true }.Start();
        }
    }

    private static string EnvironmentBlock(Dictionary<string, string> variables)
    {
        var all = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            all[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return string.Concat(all.Select(pair => $"{pair.Key}={pair.Value}\0")) + "\0";
    }

    // As the C library of Windows takes a command line apart.
    private static string CommandLine(IEnumerable<string> arguments)
    {
        var line = new StringBuilder();
        foreach (string argument in arguments)
        {
            line.Append(line.Length == 0 ? "\"" : " \"");
            int backslashes = 0;
            foreach (char character in argument)
            {
                if (character == '"')
                {
                    line.Append('\\', backslashes + 1);
                }

                backslashes = character == '\\' ? backslashes + 1 : 0;
                line.Append(character);
            }

            line.Append('\\', backslashes).Append('"');
        }

        return line.Append('\0').ToString();
    }

    private static void Check(bool done)
    {
        if (!done)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}
