"""A process limits itself: to what is said, and never to more than it was given."""

import subprocess
import sys

from server.confined import confine

HAVE = f"from {confine.__module__} import {confine.__name__}"
SAY = "import os, resource as r; print(*(r.getrlimit(w)[1] for w in (r.RLIMIT_DATA, r.RLIMIT_CPU, r.RLIMIT_CORE)), os.nice(0))"


def said(before: str, *calls: str) -> list[int]:
    code = "; ".join([before, HAVE, *calls, SAY])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [int(each) for each in done.stdout.split()]


def test_the_limits_are_those_that_are_said() -> None:
    *limits, nice = said("pass", "confine({'DATA': 2**30, 'CPU': 600}, nice=10)")
    assert limits == [2**30, 600, 0]
    assert nice >= 10


def test_what_is_limited_more_tightly_stays_so() -> None:
    tight = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (300, 300))"
    assert said(tight, "confine({'DATA': 2**30, 'CPU': 600}, nice=0)")[1] == 300
