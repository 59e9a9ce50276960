namespace GracefulExit.Guard;

/// <summary>How much of a variable's value reaches a guard, in increasing order of loss.</summary>
internal enum ValueFidelity
{
    /// <summary>An equal value of the same type.</summary>
    Exact,

    /// <summary>An object in it arrives as a copy of its properties, without methods.</summary>
    Copy,

    /// <summary>An object in it exists in this process only, such as an open file: <c>$null</c> arrives.</summary>
    Dropped,

    /// <summary>It could not be read in time, or other threads kept changing it: <c>$null</c> arrives.</summary>
    Busy,

    /// <summary>It is too big for a payload: <c>$null</c> arrives.</summary>
    TooBig,
}
