# In its grace period a body notices the request by what it likes: the token of a .NET call, its wait handle, or a look now and then.
param([string] $By)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $context = $_
    Out-Line 'ready'
    switch ($By) {
        'token' { try { [System.Threading.Tasks.Task]::Delay(-1, $context.Token).Wait() } catch [System.AggregateException] { } catch { Out-Line $_.Exception.InnerException.GetType().Name } }
        'wait handle' { Out-Line $context.Token.WaitHandle.WaitOne() }
        'a look' { while (-not $context.IsExitRequested) { } }
        'a pipeline' { 1..[int]::MaxValue | Where-Object { $context.IsExitRequested } | Select-Object -First 1 | ForEach-Object { Out-Line ($_ -gt 0) } }
    }
    Out-Line 'body ends by itself'
} -OnExit { Out-Line "exit block: $($_.Signal)" } -GracePeriodSeconds 20
Out-Line 'caller goes on'
