"""Stands in for an assistant on the command line: thinks a while, writes some prose, and now and then is overloaded.

    tendesks run companies.csv --try 3 -- python examples/prose.py "Who is {name}?"

It shows what such a program is to Ten Desks (prose as the result, an exit code and a last line on stderr as the
reason) and lets a list be tried, broken off and resumed without a bill. What it writes is made up; how often it fails
is up to `--unlucky`. The same question always takes as long and gets the same answer, but may be lucky next time.
"""

import argparse
import hashlib
import os
import random
import sys
import time

BEGINNINGS = ("There is little to say of it that is not said elsewhere", "It is older than it looks")
REASONS = ("it answers letters", "it never moved", "its founder still opens the door", "it does one thing")


def main() -> None:
    """Answer one question."""
    asked = _arguments()
    chance = random.Random(hashlib.sha256(asked.question.encode()).digest())
    seconds = asked.seconds * chance.uniform(0.5, 1.5)
    _say(0.1, "reading the question")
    time.sleep(seconds / 2)
    _say(0.6, "writing")
    time.sleep(seconds / 2)
    if _luck() < asked.unlucky:
        sys.exit("overloaded: too many questions at once, try again later")
    print(f"You ask: {asked.question}\n")
    print(f"{chance.choice(BEGINNINGS)}. People come back because {chance.choice(REASONS)}.")
    print(f"I am {chance.randint(60, 99)} percent sure of it.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("question")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long an answer takes, about [20]")
    parser.add_argument("--unlucky", type=float, default=0.05, help="the share of attempts that fail [0.05]")
    return parser.parse_args()


def _luck() -> float:
    """A number from 0 to 1 that is another one for every execution."""
    token = os.environ.get("TENDESKS_EXECUTION", str(os.getpid()))
    return int.from_bytes(hashlib.sha256(token.encode()).digest()[:4], "big") / 2**32


def _say(share: float, note: str) -> None:
    print(f"::progress {share} {note}", flush=True)


if __name__ == "__main__":
    main()
