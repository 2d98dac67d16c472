"""A sink that applies what it is given, as a strict viewer would, and keeps every message."""

from collections.abc import Callable
from typing import Any

import json_merge_patch
import orjson

from server.model import View
from server.ticker.stream import Stream


class FakeSink:
    """Satisfies server.ticker.contract.Sink. `attach` begins to follow a stream with its keyframe."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.streams: dict[tuple[str, View], Stream] = {}
        self.states: dict[tuple[str, View], Any] = {}
        self.seqs: dict[tuple[str, View], int] = {}
        self.on_deliver: Callable[[], None] | None = None

    def attach(self, stream: Stream) -> None:
        key = (stream.office, stream.view)
        self.streams[key] = stream
        self._take(key, stream.keyframe())

    def deliver(self, stream: Stream, diff: bytes) -> None:
        if self.on_deliver is not None:
            self.on_deliver()
        self._take((stream.office, stream.view), diff)

    def tell(self, stream: Stream, message: bytes) -> None:
        self._take((stream.office, stream.view), message)

    def renew(self, stream: Stream) -> None:
        if (stream.office, stream.view) in self.streams:
            self.attach(stream)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    def _take(self, key: tuple[str, View], data: bytes) -> None:
        message = orjson.loads(data)
        self.messages.append(message)
        if message["type"] == "keyframe":
            self.states[key], self.seqs[key] = message["state"], message["seq"]
        elif message["type"] == "diff":
            assert message["seq"] == self.seqs[key] + 1
            self.seqs[key] = message["seq"]
            self.states[key] = json_merge_patch.merge(self.states[key], message["patch"])
