"""The fan-out of `websockets`: `broadcast`, on uvloop. Prints its port; "go" on stdin sends ten frames a second, "halt" stops."""

import asyncio
import sys
import time
from pathlib import Path

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

FRAMES = Path(sys.argv[1]).read_text().splitlines()
TICK_S = 0.1


def keyframe(number: int) -> str:
    now_ms = time.time_ns() // 1_000_000
    return f'{{"type":"keyframe","seq":{number},"tick":{number},"now":{now_ms},"state":{{}}}}'


async def main() -> None:
    clients: set[ServerConnection] = set()
    number, going = 0, asyncio.Event()

    async def meet(client: ServerConnection) -> None:
        clients.add(client)
        try:
            await client.send(keyframe(number))
            async for _ in client:
                pass
        finally:
            clients.discard(client)

    def hear() -> None:
        line = sys.stdin.readline()
        if not line:
            ended.set()
        elif line.strip() == "go":
            broadcast(clients, keyframe(number))
            going.set()
        else:
            going.clear()

    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    async with serve(meet, "127.0.0.1", 0, compression=None, backlog=4096) as server:
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        loop.add_reader(sys.stdin, hear)
        while not ended.is_set():
            await going.wait()
            due = loop.time() + TICK_S
            while going.is_set() and not ended.is_set() and number < len(FRAMES):
                await asyncio.sleep(due - loop.time())
                due += TICK_S
                broadcast(clients, FRAMES[number])
                number += 1
            going.clear()


uvloop.run(main())
