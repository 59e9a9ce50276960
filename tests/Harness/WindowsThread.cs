using System.Runtime.InteropServices;

namespace GracefulExit.Tests.Harness;

/// <summary>The calling thread as Windows knows it; <c>AppDomain.GetCurrentThreadId</c> returns .NET's own number.</summary>
/// <remarks>The prelude of scripts under test asks for it from inside the shell under test.</remarks>
public static partial class WindowsThread
{
    /// <summary>Its number among <see cref="System.Diagnostics.Process.Threads"/>.</summary>
    public static int CurrentId => (int)GetCurrentThreadId();

    [LibraryImport("kernel32")]
    private static partial uint GetCurrentThreadId();
}
