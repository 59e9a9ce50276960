# A context manager whose signal handlers raise SystemExit, so that the block is left as by sys.exit().
import contextlib, signal, sys
from python_common import clean_up, say, work


@contextlib.contextmanager
def handle_exit(callback):
    def leave(number, frame):
        sys.exit(0)

    old = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except SystemExit as error:
        if error.code not in (None, 0):
            raise
    finally:
        try:
            callback()
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)


with handle_exit(clean_up):
    work(sys.argv[1])
say('caller goes on')
