"""What holds for all tests: a busy machine is no failure, and a failing example can be played again."""

import signal

from hypothesis import settings

# A shell has what it starts in the background ignore Ctrl-C, and the programs that these tests interrupt would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
