namespace GracefulExit;

internal static class Placeholder;
