using System.Text.Json;
using System.Text.Json.Serialization;

namespace GracefulExit.Tests.Driver;

/// <summary>Reads <c>3</c> or <c>"SIGTERM"</c>.</summary>
internal sealed class ExitStatusConverter : JsonConverter<ExitStatus>
{
    public override ExitStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int code) && code is >= 0 and <= 255)
        {
            return ExitStatus.Exited(code);
        }

        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && Signals.IsKnown(name))
        {
            return ExitStatus.Killed(name);
        }

        throw new JsonException("status is 0 to 255 or the name of a signal.");
    }

    public override void Write(Utf8JsonWriter writer, ExitStatus value, JsonSerializerOptions options)
    {
        if (value.Code is { } code)
        {
            writer.WriteNumberValue(code);
        }
        else
        {
            writer.WriteStringValue(value.Signal);
        }
    }
}
