namespace GracefulExit.Native;

/// <summary>A descriptor that a child gets.</summary>
/// <param name="Ours">Its number in this process.</param>
/// <param name="Theirs">Its number in the child.</param>
internal sealed record InheritedDescriptor(nint Ours, int Theirs);
