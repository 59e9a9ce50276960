import contextlib, sys
from python_common import clean_up, say, work

with contextlib.ExitStack() as stack:
    stack.callback(clean_up)
    work(sys.argv[1])
say('caller goes on')
