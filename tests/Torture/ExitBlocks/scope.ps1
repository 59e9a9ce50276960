# Markers like those of any scope; __ID__ is its id.
Use-ExitHandler -Append {
    Mark 'B__ID__'
    Start-Sleep -Milliseconds $pause
} -OnExit {
    Mark 'X__ID__.1'
    Mark 'Y__ID__.1'
}
