# Once the exit blocks have run there is no guard any more, however the body ended; nothing but the exit block is seen.
param($How)
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/children.ps1"

try {
    Use-ExitHandler -Guard {
        Out-Line "guarded: $($null -ne (Get-Child))"
        switch ($How) {
            Error { throw 'on purpose' }
            Signal { Out-Line 'ready'; Wait-Forever }
            Later { Start-Sleep -Milliseconds 1500 }
        }
    } -OnExit {
        Out-Line "exit block: $($_.Reason)"
    }
}
catch {
    Out-Line "caught: $_"
}

$start = [datetime]::Now
while ((Get-Child) -and ([datetime]::Now - $start).TotalSeconds -lt 5) { Start-Sleep -Milliseconds 5 }
Out-Line "gone: $($null -eq (Get-Child)), in time: $(([datetime]::Now - $start).TotalSeconds -lt 1)"
