# In a method of a class, with $this and the method's variables.
. "$PSScriptRoot/../prelude.ps1"

class Worker {
    [string] $State = 'new'

    [string] Work([string] $how) {
        $text = 'from the method'
        Use-ExitHandler {
            $this.State = 'working'
            $text = "$text and the body"
            switch ($how) {
                'signal' { Send-Signal SIGTERM; Wait-Forever }
                'throw' { throw 'broken' }
                'exit' { exit 5 }
            }
        } -OnExit {
            Out-Line "exit block: $($_.Reason), $($this.State), $text"
            $this.State = 'closed'
        }
        return "$($this.State), $text"
    }
}

$worker = [Worker]::new()
Out-Line $worker.Work('end')
Out-Line $worker.Work('signal')
try { Out-Line $worker.Work('throw') } catch { Out-Line "caught: $_" }
Out-Line $worker.State
Out-Line $worker.Work('exit')
