# Body and exit block get the exit context as $_, the exit block as its first argument too; -ExitVariable leaves it with the caller.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $seen = $_
    Out-Line "body: $($_.GetType().FullName), requested: $($_.IsExitRequested), cancelled: $($_.Token.IsCancellationRequested)"
} -OnExit {
    Out-Line "as `$_: $([object]::ReferenceEquals($_, $seen)), as the argument: $([object]::ReferenceEquals($args[0], $seen)), $($args.Count) argument"
} -ExitVariable context

Out-Line "left with the caller: $([object]::ReferenceEquals($context, $seen))"
foreach ($name in 'Reason', 'Signal', 'ExitCode', 'ErrorRecord', 'RequestedAt', 'IsRescue', 'IsExitRequested') {
    Out-Line "$name=$($context.$name)"
}
Out-Line "began within the last minute: $(([datetime]::Now - $context.StartedAt).Duration().TotalMinutes -lt 1)"
