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

    /// <summary>The ids of its living processes.</summary>
    public IReadOnlyList<int> Processes()
    {
        // Two counts of 32 bits, then the ids, each as wide as a pointer.
        const int Room = 256;
        nuint* list = stackalloc nuint[Room + 1];
        Check(Kernel32.QueryInformationJobObject(_handle, Kernel32.JobProcessIdList, list, (Room + 1) * (uint)sizeof(nuint), null));

        uint count = ((uint*)list)[1];
        var ids = new List<int>();
        for (int i = 0; i < count; i++)
        {
            ids.Add((int)list[i + 1]);
        }

        return ids;
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
