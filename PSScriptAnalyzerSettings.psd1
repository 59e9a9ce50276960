@{
    Severity     = 'Error', 'Warning'
    ExcludeRules = @(
        # Some functions only talk to the user, or change nothing but the state of a test.
        'PSAvoidUsingWriteHost'
        'PSUseShouldProcessForStateChangingFunctions'
        # A comment says why nothing is to be done.
        'PSAvoidUsingEmptyCatchBlock'
        # An exit block uses what the body assigns; the rule looks at one script block at a time.
        'PSUseDeclaredVarsMoreThanAssignments'
        # PowerShell 7 reads files as UTF-8.
        'PSUseBOMForUnicodeEncodedFile'
    )
}
