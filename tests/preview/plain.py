"""The process that makes a moving picture, with a painter of three rectangles for each desk; run as a program by tests.

What its argument says goes wrong: it `waits` for ever after some pictures, `dies` of nothing, `hoards` memory, or `raves`.
"""

import os
import signal
import sys
from pathlib import Path
from threading import Event

from server.preview import animation_child
from server.preview.animation import Paint
from server.preview.movie import Movie
from simulation.fields import State

COLOURS = {
    "off": (70, 70, 90), "idle": (160, 190, 140), "working": (40, 150, 135), "waiting": (230, 180, 60),
    "done": (90, 200, 90), "failed": (190, 60, 40),
}  # fmt: skip
EXPORTING = (sys.executable, "-P", str(Path(__file__)))


def exporting(fault: str) -> tuple[str, ...]:
    return (*EXPORTING, fault)


def painter(size: tuple[int, int], order: Movie) -> Paint:
    """Ten columns: what a desk does, how far it is, and the second."""
    width, height = size
    ground = bytes((30, 28, 60) if order.night else (250, 240, 225))

    def paint(state: State, now_ms: int) -> bytes:
        rows = [bytearray(ground * width) for _ in range(3)]
        for name, desk in state["desks"].items():
            since, to = int(name) * width // 10 + 2, (int(name) + 1) * width // 10 - 2
            rows[0][since * 3 : to * 3] = bytes(COLOURS[desk["activity"]]) * (to - since)
            done = since + (to - since) * desk.get("progress", [0, 0])[1] // 1000
            rows[1][since * 3 : done * 3] = bytes((200, 90, 60)) * (done - since)
        second = now_ms // 1000 % 60 * width // 60
        rows[2][: second * 3] = bytes((20, 20, 20)) * second
        third = height // 3
        return bytes(rows[0]) * third + bytes(rows[1]) * third + bytes(rows[2]) * (height - 2 * third)

    return paint


def faulty(fault: str) -> "animation_child.Painter":
    def begin(size: tuple[int, int], order: Movie) -> Paint:
        inner, painted = painter(size, order), []

        def paint(state: State, now_ms: int) -> bytes:
            painted.append(now_ms)
            if len(painted) > 20:
                commit(fault)
            return inner(state, now_ms)

        return paint

    return begin


def commit(fault: str) -> None:
    match fault:
        case "waits":
            Event().wait()
        case "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hoards":
            bytearray(8 * 1024**3)
        case "raves":
            sys.stdout.buffer.write(b'\xff{"permille": []}\nnull\n{"done": 1}\n' + b"x" * 200_000 + b"\n")
            sys.stdout.flush()
            sys.exit("out of its mind")


if __name__ == "__main__":
    animation_child.main(faulty(sys.argv[1]) if len(sys.argv) > 1 else painter)
