"""A uvicorn that changes: it is noticed at the start, and live sockets go on through plain ASGI."""

import sys
from typing import Any

import pytest
from structlog.testing import capture_logs
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.server import ServerProtocol

from server.gateway import shape
from server.gateway.deflating import DeflatingWire
from server.gateway.shape import PLAIN, ShapeError, check, server_options, stop_s
from server.gateway.viewer import lag_ms_max
from server.gateway.wire import Wire
from tests.fakes.house import served
from tests.fakes.offices import started


def test_the_options_are_what_uvicorn_takes() -> None:
    options = server_options(message_bytes_max=1_000, compress=True)
    config = Config(lambda: None, **options)
    config.load()
    assert config.ws_protocol_class is DeflatingWire
    assert (config.ws_max_size, config.ws_per_message_deflate) == (2_000, False)
    assert config.ws_ping_timeout is not None
    assert config.ws_ping_timeout * 1_000 > lag_ms_max
    assert config.timeout_graceful_shutdown == stop_s


def test_this_uvicorn_is_as_it_was() -> None:
    check(Wire)
    check(DeflatingWire)
    check(DeflatingWire, deflate=True)


def test_compression_is_a_setting() -> None:
    assert server_options(message_bytes_max=1_000, compress=False)["ws"] is Wire


def encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the peer reads is not what was deflated."""
    monkeypatch.setattr(PerMessageDeflate, "decode", lambda _self, frame, **_limits: frame)


def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extensions are offered elsewhere: ours is never agreed on."""
    monkeypatch.setattr(ServerProtocol, "process_extensions", lambda _self, _headers: (None, []))


@pytest.mark.parametrize("change", [encoded, unasked], ids=["encoded", "unasked"])
def test_a_websockets_that_changes_costs_the_compression_alone(
    change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    with capture_logs() as logs:
        options = server_options(message_bytes_max=1_000, compress=True)
    assert options["ws"] is Wire
    assert [entry["event"] for entry in logs] == ["websockets has changed: frames are not compressed"]


def without(name: str) -> Any:
    def change(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(WebSocketsSansIOProtocol, name)

    return change


def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The imports of our subclasses fail, as they do when their base is gone."""
    for name in ("wire", "deflating"):
        monkeypatch.setitem(sys.modules, f"server.gateway.{name}", None)


def renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The protocol object goes by another name."""
    made = WebSocketsSansIOProtocol.__init__

    def make(self: Any, *args: Any, **options: Any) -> None:
        made(self, *args, **options)
        self.protocol = self.__dict__.pop("conn")

    monkeypatch.setattr(WebSocketsSansIOProtocol, "__init__", make)


def buffered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pongs are kept for a later step: what is written between might fall into them."""
    monkeypatch.setattr(WebSocketsSansIOProtocol, "handle_ping", lambda _self: None)


def cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is not what arrives."""
    monkeypatch.setattr(Wire, "write_all", lambda self, messages: self.transport.writelines(messages[:-1]))


def deaf_to_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A close of the peer's does not reach the place where we look."""
    receive = WebSocketsSansIOProtocol.data_received

    def later(self: Any, data: bytes) -> None:
        if data[:1] != b"\x88":
            receive(self, data)

    monkeypatch.setattr(WebSocketsSansIOProtocol, "data_received", later)


CHANGES = [gone, renamed, buffered, cut, deaf_to_closes, without("handle_connect")]


@pytest.mark.parametrize("change", CHANGES, ids=["gone", "renamed", "buffered", "cut", "deaf", "no connect"])
def test_a_change_is_noticed_and_told_once(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "check_s_max", 0.2)
    change(monkeypatch)
    with capture_logs() as logs:
        options = server_options(message_bytes_max=1_000, compress=True)
    assert options["ws"] == PLAIN
    assert len(logs) == 1


def test_what_is_wrong_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    cut(monkeypatch)
    with pytest.raises(ShapeError, match="messages: expected "):
        check(Wire)


async def test_viewers_of_a_changed_uvicorn_see_the_office_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(Wire, "write_all")
    with capture_logs() as logs:
        async with served() as house, house.enter() as visitor:
            await visitor.until("keyframe")
            house.offices.happen("office1", started(1, house.clock.now_ms()))
            assert (await visitor.until("diff"))["seq"] == 1
    assert [entry["log_level"] for entry in logs] == ["warning"]
