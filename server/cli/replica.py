"""A copy of an office's state, kept true by the messages of the live socket (pure: no socket, no clock)."""

from collections.abc import Mapping
from typing import Any

import orjson

from simulation.patch import apply


class GapError(Exception):
    """A message does not fit what is held: forget it and ask for a keyframe."""


class Replica:
    """Give it every message in order. `state` is None until the first keyframe."""

    def __init__(self) -> None:
        self.state: dict[str, Any] | None = None
        self.ahead_ms = 0
        self._epoch: int | None = None
        self._view: str | None = None
        self._seq: int | None = None

    @property
    def seq(self) -> int | None:
        """The number of the newest frame held."""
        return self._seq

    def hello(self, token: str | None) -> bytes:
        """The first message to send: who asks, and what is held already."""
        held = {"epoch": self._epoch, "view": self._view, "seq": self._seq} if self.state is not None else {}
        return orjson.dumps({"type": "hello"} | ({"token": token} if token else {}) | held)

    def ack(self) -> bytes:
        """Says which frame was the newest read."""
        return orjson.dumps({"type": "ack", "seq": self._seq or 0})

    def forget(self) -> None:
        """Hold nothing, so that the next hello brings a keyframe."""
        self.state, self._seq = None, None

    def receive(self, data: bytes | str, now_ms: int) -> bool:
        """Take one message in; True when the state changed. `now_ms` is this machine's time.

        Raises:
            GapError: a diff or a resumption does not follow what is held.
        """
        message: Mapping[str, Any] = orjson.loads(data)
        if "now" in message:
            self.ahead_ms = message["now"] - now_ms
        match message["type"]:
            case "hello":
                self._greeted(message)
            case "keyframe":
                self.state, self._seq = message["state"], message["seq"]
                return True
            case "diff":
                self._patched(message)
                return True
            case "resumed" if message["from"] != self._seq:
                raise GapError(f"expected to go on from {self._seq}, got {message['from']}")
        return False

    def _greeted(self, message: Mapping[str, Any]) -> None:
        if (message["epoch"], message["view"]) != (self._epoch, self._view):
            self.forget()
        self._epoch, self._view = message["epoch"], message["view"]

    def _patched(self, message: Mapping[str, Any]) -> None:
        if self.state is None or self._seq is None or message["seq"] != self._seq + 1:
            raise GapError(f"expected the diff after {self._seq}, got {message['seq']}")
        self.state = apply(self.state, message["patch"])
        self._seq = message["seq"]
