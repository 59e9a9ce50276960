using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GracefulExit.Tests.Harness;

/// <summary>Turns a failed C library call into an exception that names the call.</summary>
internal static class NativeError
{
    /// <summary>For calls that return -1 and set errno.</summary>
    public static int Check(int result, string call) =>
        result != -1 ? result : throw From(Marshal.GetLastPInvokeError(), call);

    /// <summary>For calls that return the error number itself.</summary>
    public static void CheckNumber(int error, string call)
    {
        if (error != 0)
        {
            throw From(error, call);
        }
    }

    private static Win32Exception From(int error, string call) =>
        new(error, $"{call}: {Marshal.GetPInvokeErrorMessage(error)} (error {error})");
}
