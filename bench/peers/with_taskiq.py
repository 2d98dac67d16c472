"""Taskiq on Redis Streams. `python with_taskiq.py 20000` hands the tasks in."""

import asyncio
import os
import sys

from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

URL = os.environ["PEER_REDIS"]
RESULT = {"text": "x" * 119}
broker = RedisStreamBroker(URL, consumer_id="0").with_result_backend(RedisAsyncResultBackend(f"{URL}/1"))


@broker.task
async def nothing(_n: int) -> dict[str, str]:
    return RESULT


async def hand_in(count: int) -> None:
    await broker.startup()
    for start in range(0, count, 100):
        await asyncio.gather(*(nothing.kiq(n) for n in range(start, min(start + 100, count))))
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(hand_in(int(sys.argv[1])))
