System.Console.WriteLine("hi " + System.Environment.OSVersion);
