1..100
Write-Warning 'leaving'
