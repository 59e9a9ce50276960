function Enter-Deep {
    param([int] $Depth)
    if ($Depth -gt 0) { Enter-Deep ($Depth - 1) } else { while ($true) { Start-Sleep -Milliseconds 20 } }
}
Enter-Deep 120
