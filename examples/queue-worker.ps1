# A worker that takes its work from a directory and never loses an item: asked to end, it finishes the one at hand first.
# Stop it with Ctrl+C, kill or `systemctl stop`, start it again, start several: each item is worked on to its end, once.
#
#     pwsh -File queue-worker.ps1 -Spool ./spool
#     echo 'some work' > ./spool/new/1.txt
param(
    # new/: what is to be done; taken/: what a worker has at hand; done/: what is done.
    [string] $Spool = './spool',
    # How long it sleeps when there is nothing to do.
    [double] $PollSeconds = 5
)

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

$Spool = [System.IO.Path]::GetFullPath($Spool, (Get-Location).ProviderPath)
$new, $taken, $done = 'new', 'taken', 'done' | ForEach-Object { [System.IO.Directory]::CreateDirectory("$Spool/$_").FullName }

# A rename either happens or does not: of several workers one gets the item.
function Get-NextItem {
    foreach ($file in [System.IO.Directory]::GetFiles($new) | Sort-Object) {
        $item = "$taken/$([System.IO.Path]::GetFileName($file))"
        try {
            [System.IO.File]::Move($file, $item)
            return $item
        }
        catch [System.IO.IOException] {
            # Another worker was faster.
        }
    }
}

# Your work goes here.
function Complete-Item($Item) {
    "Working on $([System.IO.Path]::GetFileName($Item))"
    Start-Sleep -Milliseconds 500
    [System.IO.File]::Move($Item, "$done/$([System.IO.Path]::GetFileName($Item))")
    $script:count++
}

$count = 0
$item = $null
# An item must fit into the grace period: what runs longer is stopped, and the exit block puts the item back.
Use-ExitHandler -GracePeriodSeconds 30 {
    "Waiting for work in $new as process $PID"
    $pause = 0
    # True as soon as somebody asks us to end: a sleep that can be woken, and the only place where the loop ends.
    while (-not (Wait-ExitRequest $pause)) {
        $item = Get-NextItem
        if ($item) {
            Complete-Item $item
            $item = $null
            $pause = 0
        }
        else {
            $pause = $PollSeconds
        }
    }
} -OnExit {
    if ($item -and [System.IO.File]::Exists($item)) {
        [System.IO.File]::Move($item, "$new/$([System.IO.Path]::GetFileName($item))")
        "Put back $([System.IO.Path]::GetFileName($item))"
    }
    "Done: $count, because of $($_.Signal ?? $_.Reason)"
}
