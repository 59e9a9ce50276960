while ($true) { try { [System.Threading.Thread]::Sleep(60000) } catch { } }
