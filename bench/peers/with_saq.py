"""SAQ. `python with_saq.py 20000` hands the tasks in."""

import asyncio
import os
import sys
from typing import Any

from saq import Queue

URL = os.environ["PEER_REDIS"]
RESULT = {"text": "x" * 119}
queue = Queue.from_url(URL)


async def nothing(_ctx: Any, *, _n: int) -> dict[str, str]:
    return RESULT


settings = {
    "queue": queue,
    "functions": [nothing],
    "concurrency": int(os.environ.get("PEER_CONCURRENCY", "50")),
}


async def hand_in(count: int) -> None:
    await queue.connect()
    for start in range(0, count, 100):
        await asyncio.gather(*(queue.enqueue("nothing", _n=n) for n in range(start, min(start + 100, count))))
    await queue.disconnect()


if __name__ == "__main__":
    asyncio.run(hand_in(int(sys.argv[1])))
