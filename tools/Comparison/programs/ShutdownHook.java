import java.net.ServerSocket;

class ShutdownHook {
    static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }

    public static void main(String[] args) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            say("clean-up");
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
            }
            say("cleaned up");
        }));
        switch (args[0]) {
            case "error": throw new IllegalStateException("an error");
            case "exit": System.exit(4);
            case "sleep": say("ready"); while (true) Thread.sleep(1000);
            case "blocked":
                try (ServerSocket listener = new ServerSocket(0)) {
                    say("ready");
                    listener.accept();
                }
                break;
            case "crash":
                new ProcessBuilder("kill", "-ABRT", "" + ProcessHandle.current().pid()).start();
                Thread.sleep(5000);
                break;
            case "thread": new Thread(() -> System.exit(3)).start(); Thread.sleep(5000); break;
        }
        say("caller goes on");
    }
}
