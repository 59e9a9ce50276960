"""A Python 3 counterpart of the recipe that GracefulExit follows, and a script that is measured with it."""

# The recipe: Author: Giampaolo Rodola' <g.rodola [AT] gmail [DOT] com>, License: MIT.

import contextlib
import signal
import sys
import time


def _sigterm_handler(signum, frame):
    sys.exit(0)


_sigterm_handler.__enter_ctx__ = False


@contextlib.contextmanager
def handle_exit(callback=None, append=False):
    """Runs the callback when the block ends, be it by SIGTERM or SIGINT."""
    old_handler = signal.signal(signal.SIGTERM, _sigterm_handler)
    if old_handler not in (signal.SIG_DFL, _sigterm_handler):
        if not append:
            raise RuntimeError(f"there is already a handler registered for SIGTERM: {old_handler!r}")

        def handler(signum, frame):
            try:
                _sigterm_handler(signum, frame)
            finally:
                old_handler(signum, frame)

        signal.signal(signal.SIGTERM, handler)

    if _sigterm_handler.__enter_ctx__:
        raise RuntimeError("can't use nested contexts")
    _sigterm_handler.__enter_ctx__ = True

    try:
        yield
    except KeyboardInterrupt:
        pass
    except SystemExit as err:
        # Another code is an application's error, which must not pass silently.
        if err.code != 0:
            raise
    finally:
        _sigterm_handler.__enter_ctx__ = False
        if callback is not None:
            callback()


def _clean_up():
    at = time.monotonic_ns()
    print(f"first {at}", flush=True)


if __name__ == "__main__":
    time.monotonic_ns()
    with handle_exit(_clean_up):
        print("ready", flush=True)
        time.sleep(600)
