exit $exitBlockCode
