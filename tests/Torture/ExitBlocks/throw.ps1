throw 'exit block failed'
