namespace GracefulExit.Guard;

/// <summary>The kind of value in a slot of a <see cref="ValueGraph"/>. The numbers are part of the protocol.</summary>
internal enum ValueTag : byte
{
    Null = 0,

    /// <summary>The number of a node follows.</summary>
    Node = 1,

    False = 2,
    True = 3,
    Char = 4,
    SByte = 5,
    Byte = 6,
    Int16 = 7,
    UInt16 = 8,
    Int32 = 9,
    UInt32 = 10,
    Int64 = 11,
    UInt64 = 12,
    Single = 13,
    Double = 14,
    Decimal = 15,
    String = 16,
    DateTime = 17,
    TimeSpan = 18,
    Guid = 19,
    DateTimeOffset = 20,
    DateOnly = 21,
    TimeOnly = 22,
    BigInteger = 23,
    Uri = 24,
    Version = 25,
    Address = 26,
    Endpoint = 27,
    Culture = 28,
    MailAddress = 29,
    Enum = 30,
    Type = 31,
    Regex = 32,
    File = 33,
    Directory = 34,
    Process = 35,
    ScriptBlock = 36,
    Encoding = 37,
    SecureString = 38,
    Credential = 39,
}

/// <summary>The kind of a node in a <see cref="ValueGraph"/>. The numbers are part of the protocol.</summary>
internal enum NodeKind : byte
{
    /// <summary>A long text, which several places may share.</summary>
    Text = 1,

    Document = 2,

    /// <summary>An array of numbers: its bytes.</summary>
    Numbers = 3,

    Array = 4,
    Collection = 5,
    Dictionary = 6,

    /// <summary>A custom object, or the copy of another object's properties.</summary>
    Custom = 7,
}
