using System.Runtime.InteropServices;

namespace GracefulExit.Rescue;

/// <summary>Texts in a payload, as UTF-16: a name may contain an unpaired surrogate, which UTF-8 can't represent.</summary>
internal static class PayloadText
{
    public static void WriteText(this BinaryWriter writer, string text)
    {
        writer.Write7BitEncodedInt(text.Length);
        writer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    public static string ReadText(this BinaryReader reader)
    {
        int length = reader.Read7BitEncodedInt();
        return new string(MemoryMarshal.Cast<byte, char>(reader.ReadBytes(length * sizeof(char))));
    }
}
