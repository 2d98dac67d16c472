"""A viewer that writes down what it is sent and applies it, as a browser does; sometimes it does not read for a while."""

from typing import Any

import json_merge_patch
import orjson

from server.gateway.session import Enter
from server.gateway.viewer import Viewer
from server.house import House
from server.model import Identity, Role, Scope, View
from tests.fakes.line import FakeLine
from tests.seeded.truth import require

READ_MS = 700


class Spectator:
    """Follows one office with a real outbox of the hub's; what it is sent arrives when `read` is called."""

    def __init__(self, house: House, office: str, view: View) -> None:
        self.office = office
        self.view = view
        self.state: Any = None
        self.place = (0, 0)
        self.frames = 0
        self.reading = True
        self._house = house
        self._line = FakeLine()
        self._viewer = Viewer(
            clock=house.clock, line=self._line, counters=house.hub.counters, outbox_bytes_max=2_048
        )

    async def enter(self) -> None:
        """Come in; raises what waking the office raises."""
        await self._house.ticker.awake(self.office)
        stream = self._house.ticker.join(self.office, self.view)
        identity = Identity(
            account="a1", office=self.office, role=Role.VIEWER, view=self.view, scopes=frozenset({Scope.READ})
        )
        enter = Enter(identity=identity, office=self.office, role=Role.VIEWER, view=self.view, held=None)
        self._house.hub.admit(self._viewer)
        self._house.hub.enter(self._viewer, stream, enter)
        self._read_on()

    @property
    def ended(self) -> bool:
        """Whether the server has sent it away."""
        return self._viewer.end is not None

    def leave(self) -> None:
        """Close the page."""
        self.reading = False
        self._house.hub.leave(self._viewer)
        self._house.ticker.leave(self.office, self.view)

    def read(self) -> None:
        """Take in all that was sent."""
        for message in self._line.read():
            self._hear(orjson.loads(message))

    def _read_on(self) -> None:
        if self.reading:
            self.read()
        if not self.ended:
            self._house.clock.call_later(READ_MS, self._read_on)

    def check(self) -> None:
        """What was applied is what the office shows: see the property of projections."""
        stream = self._viewer.stream
        if stream is None:
            return
        require(self.place == (stream.epoch, stream.seq), "a viewer that has read all is at", self.place)
        shown = orjson.loads(orjson.dumps(stream.current().state))
        require(self.state == shown, "a viewer sees", self.state, "the office shows", shown)

    def _hear(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "hello":
            self.place = (message["epoch"], message["seq"])
        elif kind == "keyframe":
            self.state, self.place = message["state"], (self.place[0], message["seq"])
            self.frames += 1
        elif kind == "diff":
            require(message["seq"] == self.place[1] + 1, "diff", message["seq"], "after", self.place)
            self.state = json_merge_patch.merge(self.state, message["patch"])
            self.place = (self.place[0], message["seq"])
            self.frames += 1
        elif kind == "clock":
            require(message["seq"] == self.place[1], "a clock says seq", message["seq"], "at", self.place)
