# What each situation does, the same for all ways to clean up.
import os, socket, sys, threading, time


def say(text):
    print(text, flush=True)


def clean_up():
    say('clean-up')
    time.sleep(0.3)
    say('cleaned up')


def work(situation):
    if situation == 'error':
        raise RuntimeError('an error')
    if situation == 'exit':
        sys.exit(4)
    if situation == 'sleep':
        say('ready')
        while True:
            time.sleep(1)
    if situation == 'blocked':
        listener = socket.create_server(('127.0.0.1', 0))
        say('ready')
        listener.accept()
    if situation == 'crash':
        os.abort()
    if situation == 'thread':
        # sys.exit ends the thread only; this is what ends the process.
        threading.Thread(target=lambda: os._exit(3)).start()
        time.sleep(5)
