# Dot-sourced at the top of a Describe block: gives its tests the harness, and ends after each what it has started.
# The import is not in a BeforeAll block: Pester 5 allows one for each block, and that is for the tests' own.
Import-Module "$PSScriptRoot/Harness.psm1" -Global

AfterEach {
    Clear-Run
}
