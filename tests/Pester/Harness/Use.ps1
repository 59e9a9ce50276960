# Dot-sourced at the top of a Describe block: gives its tests the harness, and ends after each what it has started.
BeforeAll {
    Import-Module "$PSScriptRoot/Harness.psm1"
}

AfterEach {
    Clear-Run
}
