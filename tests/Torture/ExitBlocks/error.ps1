Write-Error 'not so good' -ErrorAction Continue
