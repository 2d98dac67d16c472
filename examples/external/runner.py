#!/usr/bin/env python3
"""A runner of your own: it leases tasks of kind `external`, carries them out several at a time, and reports.

    python examples/external/runner.py [--at-once 4] [--batch ID] [--pause 5]

What is done for a row stands in `carry_out`: put your own work there. All else is in `leasing.py`. The server and its
token come from TENDESKS_URL and TENDESKS_TOKEN, or from the local server's file. Ctrl-C gives back what it holds.
Needs nothing but Python 3.11.
"""

import argparse
import signal
import time
from functools import partial
from math import isqrt
from typing import Any

from leasing import Desk, FinalError, RefusedError, Runner, Server

STEP = 50_000


def carry_out(row: dict[str, str], desk: Desk, pause: float) -> dict[str, Any]:
    """Take a number apart.

    What is returned is the result. Any exception fails the task, which is tried again while it has attempts;
    FinalError fails it for good. `desk` shows how far it is, and ends the work by an exception where nobody wants it.
    """
    if not row["number"].isdecimal():
        raise FinalError(f"expected a number, got {row['number']!r}")
    rest, factors, divisor = int(row["number"]), [], 2
    for step in range(20):
        desk.progress(step / 40, "getting ready")
        time.sleep(pause / 20)
    while divisor * divisor <= rest:
        if rest % divisor == 0:
            desk.log(f"{divisor} divides {rest}")
            factors.append(divisor)
            rest //= divisor
            continue
        divisor += 1
        if divisor % STEP == 0:
            desk.progress(0.5 + divisor / isqrt(rest) / 2, f"trying {divisor:,}")
    return {"factors": [*factors, rest], "prime": not factors}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--at-once", type=int, default=4, help="so many tasks at a time")
    parser.add_argument("--batch", help="only tasks of this batch; of any, otherwise")
    parser.add_argument(
        "--pause", type=float, default=0, help="seconds added to each task, to have something to watch"
    )
    given = parser.parse_args()
    runner = Runner(Server(), partial(carry_out, pause=given.pause), at_once=given.at_once, batch=given.batch)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop from outside is a Ctrl-C
    try:
        runner.ask()
    except KeyboardInterrupt:
        print("stopping: what is held goes back", flush=True)
    except RefusedError as error:
        raise SystemExit(f"the server refuses: {error}") from None
    finally:
        runner.stop()


if __name__ == "__main__":
    main()
