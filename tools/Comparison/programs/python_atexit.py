import atexit, sys
from python_common import clean_up, say, work

atexit.register(clean_up)
work(sys.argv[1])
say('caller goes on')
