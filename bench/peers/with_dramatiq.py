"""Dramatiq on Redis, with its results. `python with_dramatiq.py 20000` hands the tasks in."""

import os
import sys

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

URL = os.environ["PEER_REDIS"]
RESULT = {"text": "x" * 119}
broker = RedisBroker(url=f"{URL}/0")
broker.add_middleware(Results(backend=RedisBackend(url=f"{URL}/1")))
dramatiq.set_broker(broker)


@dramatiq.actor(store_results=True, max_retries=0)
def nothing(_n: int) -> dict[str, str]:
    return RESULT


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        nothing.send(number)
