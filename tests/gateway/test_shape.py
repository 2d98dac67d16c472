"""A uvicorn that changes: it is noticed at the start, and live sockets go on through plain ASGI."""

import sys
from typing import Any

import pytest
from structlog.testing import capture_logs
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server.gateway import shape
from server.gateway.shape import PLAIN, ShapeError, check, server_options, stop_s
from server.gateway.viewer import lag_ms_max
from server.gateway.wire import Wire
from tests.fakes.house import served
from tests.fakes.offices import started


def test_the_options_are_what_uvicorn_takes() -> None:
    options = server_options(message_bytes_max=1_000)
    config = Config(lambda: None, **options)
    config.load()
    assert config.ws_protocol_class is Wire
    assert (config.ws_max_size, config.ws_per_message_deflate) == (2_000, False)
    assert config.ws_ping_timeout is not None
    assert config.ws_ping_timeout * 1_000 > lag_ms_max
    assert config.timeout_graceful_shutdown == stop_s


def test_this_uvicorn_is_as_it_was() -> None:
    check(Wire)


def without(name: str) -> Any:
    def change(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(WebSocketsSansIOProtocol, name)

    return change


def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The import of our subclass fails, as it does when its base is gone."""
    monkeypatch.setitem(sys.modules, "server.gateway.wire", None)


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


def compressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes out is changed on the way."""
    monkeypatch.setattr(Wire, "write", lambda self, message: self.transport.write(message[:-1]))


CHANGES = [gone, renamed, buffered, compressed, without("handle_connect")]


@pytest.mark.parametrize("change", CHANGES, ids=["gone", "renamed", "buffered", "cut", "no connect"])
def test_a_change_is_noticed_and_told_once(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "check_s_max", 0.2)
    change(monkeypatch)
    with capture_logs() as logs:
        options = server_options(message_bytes_max=1_000)
    assert options["ws"] == PLAIN
    assert len(logs) == 1


def test_what_is_wrong_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    compressed(monkeypatch)
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
