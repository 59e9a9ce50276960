[System.Threading.Thread]::Sleep($pause)
