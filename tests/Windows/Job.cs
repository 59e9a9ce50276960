using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GracefulExit.Tests.WindowsDriver;

/// <summary>A job: the child and whatever it starts.</summary>
internal sealed unsafe class Job : IDisposable
{
    private readonly nint _handle;
    private readonly nint _port;

    public Job()
    {
        _handle = Kernel32.CreateJobObject(0, 0);
        Check(_handle != 0);
        _port = Kernel32.CreateIoCompletionPort(-1, 0, 0, 1);
        Check(_port != 0);
        var port = new Kernel32.JobPort { Port = _port };
        Check(Kernel32.SetInformationJobObject(_handle, Kernel32.JobCompletionPort, &port, (uint)sizeof(Kernel32.JobPort)));
    }

    /// <summary>Adds a process that has not started anything yet.</summary>
    public void Add(nint process)
    {
        Check(Kernel32.AssignProcessToJobObject(_handle, process));
    }

    /// <summary>Waits until none of its processes lives.</summary>
    public void WaitUntilEmpty()
    {
        while (Processes().Count > 0)
        {
            Check(Kernel32.GetQueuedCompletionStatus(_port, out _, out _, out _, Kernel32.Infinite));
        }
    }

    /// <summary>Its living processes, but for what Wine has left: their ids and the paths of their programs.</summary>
    public IReadOnlyList<(int Id, string Program)> Processes()
    {
        // Two counts of 32 bits, then the ids, each as wide as a pointer.
        const int Room = 256;
        nuint* list = stackalloc nuint[Room + 1];
        Check(Kernel32.QueryInformationJobObject(_handle, Kernel32.JobProcessIdList, list, (Room + 1) * (uint)sizeof(nuint), null));

        uint count = ((uint*)list)[1];
        var processes = new List<(int Id, string Program)>();
        for (int i = 0; i < count; i++)
        {
            int id = (int)list[i + 1];
            string program = Program(id);

            // A process with a console of its own starts a conhost.exe under Wine. If it is ended before the two know each other, as
            // a guard may be that is not needed any more, that one waits for it for ever.
            if (!(ConsoleEvent.IsWine && program.EndsWith("\\conhost.exe", StringComparison.OrdinalIgnoreCase)))
            {
                processes.Add((id, program));
            }
        }

        return processes;
    }

    private static string Program(int id)
    {
        nint process = Kernel32.OpenProcess(Kernel32.QueryLimitedInformation, inherit: false, (uint)id);
        if (process == 0)
        {
            return "?";
        }

        const int Room = 1024;
        char* path = stackalloc char[Room];
        uint length = Room;
        bool isKnown = Kernel32.QueryFullProcessImageName(process, 0, path, ref length);
        _ = Kernel32.CloseHandle(process);
        return isKnown ? new string(path, 0, (int)length) : "?";
    }

    /// <summary>Ends them all.</summary>
    public void Kill() => Kernel32.TerminateJobObject(_handle, 1);

    public void Dispose()
    {
        _ = Kernel32.CloseHandle(_port);
        _ = Kernel32.CloseHandle(_handle);
    }

    private static void Check(bool done)
    {
        if (!done)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}
