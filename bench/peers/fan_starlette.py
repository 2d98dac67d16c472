"""The fan-out most people write: Starlette on uvicorn, `await send_text` in a loop. Prints its port; "go" and "halt" on stdin."""

import asyncio
import socket
import sys
import time
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

FRAMES = Path(sys.argv[1]).read_text().splitlines()
TICK_S = 0.1


class Room:
    """Its clients, and the number of the next frame."""

    def __init__(self) -> None:
        self.clients: set[WebSocket] = set()
        self.number = 0
        self.going = asyncio.Event()
        self.ended = False

    async def meet(self, client: WebSocket) -> None:
        await client.accept()
        await client.send_text(self.keyframe())
        self.clients.add(client)
        try:
            async for _ in client.iter_text():
                pass
        finally:
            self.clients.discard(client)

    async def broadcast(self, frame: str) -> None:
        for client in list(self.clients):
            await client.send_text(frame)

    def keyframe(self) -> str:
        now_ms = time.time_ns() // 1_000_000
        return f'{{"type":"keyframe","seq":{self.number},"tick":{self.number},"now":{now_ms},"state":{{}}}}'

    async def carry_on(self) -> None:
        loop = asyncio.get_running_loop()
        while not self.ended:
            await self.going.wait()
            await self.broadcast(self.keyframe())
            due = loop.time() + TICK_S
            while self.going.is_set() and not self.ended and self.number < len(FRAMES):
                await asyncio.sleep(due - loop.time())
                due += TICK_S
                await self.broadcast(FRAMES[self.number])
                self.number += 1
            self.going.clear()


async def main() -> None:
    room = Room()
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    config = uvicorn.Config(
        Starlette(routes=[WebSocketRoute("/live", room.meet)]), log_level="error", ws_per_message_deflate=False,
        lifespan="off",
    )  # fmt: skip
    server = uvicorn.Server(config)

    def hear() -> None:
        line = sys.stdin.readline()
        if not line:
            room.ended = server.force_exit = server.should_exit = True
            room.going.set()
        elif line.strip() == "go":
            room.going.set()
        else:
            room.going.clear()

    asyncio.get_running_loop().add_reader(sys.stdin, hear)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.gather(room.carry_on(), server.serve(sockets=[listener]))


uvloop.run(main())
