using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GracefulExit.Native;

/// <summary>
/// A child on Windows that survives what ends this process. It has its own console, so that Ctrl+C and closing our window do
/// not reach it; it leaves our job where that is allowed; and it inherits only the handles that it is given.
/// <see cref="System.Diagnostics.Process"/> of .NET 10 can't do that, so this uses CreateProcessW.
/// </summary>
/// <remarks>
/// <para>
/// The end of a pipe that this process keeps must not be inheritable: a child that another thread starts would keep it open,
/// and the end of this process would go unnoticed. The end that is given away is made inheritable here, only during the
/// start. If another thread's child inherits it then, the only loss is that writes don't fail when this child is gone;
/// <see cref="WaitForEnd"/> still notices its end.
/// </para>
/// <para>
/// Threads: <see cref="WaitForEnd"/> on one thread; <see cref="Kill"/> on any. The process id can't be reused until the handle
/// is closed, which is after the child's end.
/// </para>
/// </remarks>
internal sealed partial class WindowsProcess : IChildProcess
{
    private const int AccessDenied = 5;

    // ERROR_INTERNAL_ERROR: the system itself has failed. Wine does so now and then on a busy machine; nothing has run then.
    private const int InternalError = 1359;
    private const int Tries = 3;

    private readonly Lock _gate = new();
    private readonly SafeProcessHandle _handle;

    private WindowsProcess(int id, SafeProcessHandle handle)
    {
        Id = id;
        _handle = handle;
    }

    /// <summary>Gets its process id.</summary>
    public int Id { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="directory">Its working directory. It can't be deleted or renamed while the child runs, so not one of the user's.</param>
    /// <param name="handles">
    /// The handles that it gets besides standard error, with the same numbers as here. Standard input is empty, standard output is
    /// discarded, and so is standard error if it is our console.
    /// </param>
    /// <exception cref="Win32Exception">It can't be started.</exception>
    public static unsafe WindowsProcess Start(
        string path,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string directory,
        params IReadOnlyList<SafeHandle> handles)
    {
        using SafeFileHandle nowhere = OpenNowhere();
        using SafeFileHandle errors = GetStandardHandle(StandardError) ?? OpenNowhere();
        using Inheritance inheritance = new([nowhere, errors, .. handles]);
        using AttributeList attributes = new(inheritance.Handles);
        StartupInfo startup = new()
        {
            Size = sizeof(StartupInfo),
            Flags = UseStandardHandles,
            Input = nowhere.DangerousGetHandle(),
            Output = nowhere.DangerousGetHandle(),
            Error = errors.DangerousGetHandle(),
            Attributes = attributes.Pointer,
        };
        string commandLine = MakeCommandLine([path, .. arguments]);
        string block = MakeEnvironmentBlock(environment);
        ProcessInformation information;

        // A job may end its members when its owner ends. Those of Task Scheduler and of many test runners do.
        if (!TryCreate(path, commandLine, BreakAwayFromJob, block, directory, &startup, &information)
            && (Marshal.GetLastPInvokeError() != AccessDenied || !TryCreate(path, commandLine, 0, block, directory, &startup, &information)))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _ = CloseHandle(information.Thread);
        return new WindowsProcess(information.ProcessId, new SafeProcessHandle(information.Process, ownsHandle: true));
    }

    /// <summary>Kills it, if it still runs.</summary>
    public void Kill()
    {
        const uint status = 1;
        lock (_gate)
        {
            if (!_handle.IsClosed)
            {
                _ = TerminateProcess(_handle, status);
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>How it ended, for a message.</returns>
    public string WaitForEnd()
    {
        using (WaitHandle end = new EndOfProcess(_handle))
        {
            end.WaitOne();
        }

        lock (_gate)
        {
            using (_handle)
            {
                return GetExitCodeProcess(_handle, out uint status) ? $"status {Describe(status)}" : "?";
            }
        }
    }

    // Codes of the system, such as 0xC000013A, are usually written in hexadecimal.
    private static string Describe(uint status) =>
        status > int.MaxValue ? $"0x{status:X8}" : status.ToString(CultureInfo.InvariantCulture);

    private static unsafe bool TryCreate(
        string path, string commandLine, uint flags, string environment, string directory, StartupInfo* startup, ProcessInformation* information)
    {
        // CreateProcessW may write to the buffer.
        char[] writable = [.. commandLine, '\0'];
        fixed (char* line = writable)
        fixed (char* block = environment)
        {
            for (int tries = 1; ; tries++)
            {
                bool isCreated = CreateProcess(
                    path, line, 0, 0, inherit: true, flags | NoWindow | UnicodeEnvironment | ExtendedStartupInfo, block, directory, startup, information);
                if (isCreated || tries == Tries || Marshal.GetLastPInvokeError() != InternalError)
                {
                    return isCreated;
                }
            }
        }
    }

    /// <summary>Quotes arguments in the way in which the C library of Windows and .NET parse a command line.</summary>
    internal static string MakeCommandLine(IEnumerable<string> arguments)
    {
        StringBuilder line = new();
        foreach (string argument in arguments)
        {
            line.Append(line.Length == 0 ? "\"" : " \"");
            int backslashes = 0;
            foreach (char character in argument)
            {
                if (character == '"')
                {
                    // Double the backslashes before a quotation mark, and escape the mark itself with one more.
                    line.Append('\\', backslashes + 1);
                }

                backslashes = character == '\\' ? backslashes + 1 : 0;
                line.Append(character);
            }

            line.Append('\\', backslashes).Append('"');
        }

        return line.ToString();
    }

    /// <summary>Name=value, each followed by a null, sorted ignoring case, and one more null at the end.</summary>
    internal static string MakeEnvironmentBlock(IReadOnlyDictionary<string, string> environment)
    {
        StringBuilder block = new();
        foreach ((string name, string value) in environment.OrderBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase))
        {
            block.Append(name).Append('=').Append(value).Append('\0');
        }

        return block.Append('\0').ToString();
    }

    private static SafeFileHandle OpenNowhere() => File.OpenHandle("NUL", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    /// <summary>Gets this process's standard output, if it can be passed on.</summary>
    /// <returns>Null: there is none, or it is a console.</returns>
    public static SafeFileHandle? GetStandardOutput() => GetStandardHandle(StandardOutput);

    /// <summary>Makes an inherited handle this process's standard output, and that of its children.</summary>
    public static void SetStandardOutput(nint handle) => _ = SetStdHandle(StandardOutput, handle);

    /// <summary>A console handle is valid only in that console, and the child has another one.</summary>
    private static SafeFileHandle? GetStandardHandle(int which)
    {
        const uint character = 2;
        const uint unknown = 0;
        nint handle = GetStdHandle(which);
        return handle is 0 or -1 || GetFileType(handle) is character or unknown ? null : new SafeFileHandle(handle, ownsHandle: false);
    }

    private static void Check(bool isDone)
    {
        if (!isDone)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Makes handles inheritable for a while.</summary>
    private sealed class Inheritance : IDisposable
    {
        private readonly List<Changed> _changed = [];

        public Inheritance(IEnumerable<SafeHandle> handles)
        {
            foreach (SafeHandle handle in handles)
            {
                bool isHeld = false;
                handle.DangerousAddRef(ref isHeld);
                nint value = handle.DangerousGetHandle();
                _changed.Add(new Changed(handle, GetHandleInformation(value, out uint flags) && (flags & Inheritable) != 0));
                if (!SetHandleInformation(value, Inheritable, Inheritable))
                {
                    int error = Marshal.GetLastPInvokeError();
                    Dispose();
                    throw new Win32Exception(error);
                }
            }

            // The system refuses a list with duplicates.
            Handles = [.. _changed.Select(changed => changed.Handle.DangerousGetHandle()).Distinct()];
        }

        public nint[] Handles { get; }

        public void Dispose()
        {
            foreach (Changed changed in _changed)
            {
                if (!changed.WasInheritable)
                {
                    _ = SetHandleInformation(changed.Handle.DangerousGetHandle(), Inheritable, 0);
                }

                changed.Handle.DangerousRelease();
            }

            _changed.Clear();
        }

        private sealed record Changed(SafeHandle Handle, bool WasInheritable);
    }

    /// <summary>The list of handles that the child inherits. It inherits no others.</summary>
    private sealed unsafe class AttributeList : IDisposable
    {
        private readonly nint _list;

        public AttributeList(nint[] handles)
        {
            // The list refers to this memory and does not copy it.
            nuint size = 0;
            _ = InitializeProcThreadAttributeList(0, 1, 0, ref size);
            nint room = Marshal.AllocHGlobal((nint)size + (handles.Length * sizeof(nint)));
            Marshal.Copy(handles, 0, room, handles.Length);
            nint attributes = room + (handles.Length * sizeof(nint));
            _list = room;
            try
            {
                Check(InitializeProcThreadAttributeList(attributes, 1, 0, ref size));
                Pointer = attributes;
                Check(UpdateProcThreadAttribute(attributes, 0, HandleList, room, (nuint)(handles.Length * sizeof(nint)), 0, 0));
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public nint Pointer { get; private set; }

        public void Dispose()
        {
            if (Pointer != 0)
            {
                DeleteProcThreadAttributeList(Pointer);
                Pointer = 0;
            }

            Marshal.FreeHGlobal(_list);
        }
    }

    /// <summary>A process can be waited for like an event.</summary>
    private sealed class EndOfProcess : WaitHandle
    {
        public EndOfProcess(SafeProcessHandle process) => SafeWaitHandle = new SafeWaitHandle(process.DangerousGetHandle(), ownsHandle: false);
    }

    // processthreadsapi.h, winbase.h, handleapi.h
    private const uint Inheritable = 1;
    private const uint UnicodeEnvironment = 0x400;
    private const uint ExtendedStartupInfo = 0x80000;
    private const uint BreakAwayFromJob = 0x1000000;
    private const uint NoWindow = 0x8000000;
    private const int UseStandardHandles = 0x100;
    private const nuint HandleList = 0x20002;
    private const int StandardOutput = -11;
    private const int StandardError = -12;

    [LibraryImport("kernel32", EntryPoint = "CreateProcessW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool CreateProcess(
        string path, char* commandLine, nint processSecurity, nint threadSecurity, [MarshalAs(UnmanagedType.Bool)] bool inherit,
        uint flags, char* environment, string directory, StartupInfo* startup, ProcessInformation* information);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool InitializeProcThreadAttributeList(nint list, int count, uint flags, ref nuint size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool UpdateProcThreadAttribute(nint list, uint flags, nuint attribute, nint value, nuint size, nint previous, nint returned);

    [LibraryImport("kernel32")]
    private static partial void DeleteProcThreadAttributeList(nint list);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetHandleInformation(nint handle, out uint flags);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetHandleInformation(nint handle, uint mask, uint flags);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStdHandle(int which, nint handle);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial uint GetFileType(nint handle);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(SafeProcessHandle process, uint status);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetExitCodeProcess(SafeProcessHandle process, out uint status);

    [StructLayout(LayoutKind.Sequential)]
    private struct StartupInfo
    {
        public int Size;
        public nint Reserved;
        public nint Desktop;
        public nint Title;
        public int X;
        public int Y;
        public int Width;
        public int Height;
        public int WidthInCharacters;
        public int HeightInCharacters;
        public int FillAttribute;
        public int Flags;
        public short ShowWindow;
        public short Reserved2Size;
        public nint Reserved2;
        public nint Input;
        public nint Output;
        public nint Error;
        public nint Attributes;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ProcessInformation
    {
        public nint Process;
        public nint Thread;
        public int ProcessId;
        public int ThreadId;
    }
}
