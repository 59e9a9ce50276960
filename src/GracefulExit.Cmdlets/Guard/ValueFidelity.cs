namespace GracefulExit.Guard;

/// <summary>How much of a variable's value reaches a guard. In rising order of loss.</summary>
internal enum ValueFidelity
{
    /// <summary>An equal value of the same type.</summary>
    Exact,

    /// <summary>Some object in it arrives as a copy of its properties, without methods.</summary>
    Copy,

    /// <summary>Some object in it lives in its process alone, such as an open file: <c>$null</c> arrives.</summary>
    Dropped,

    /// <summary>It could not be read in time, or other threads changed it all the while: <c>$null</c> arrives.</summary>
    Busy,

    /// <summary>It is bigger than what a payload may hold: <c>$null</c> arrives.</summary>
    TooBig,
}
