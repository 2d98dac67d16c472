"""The local network's listener: opened once, always at the same port where that can be, and said plainly where it cannot."""

import asyncio
import socket
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.errors import ConfigurationError, UnavailableError
from server.lan import PORT_FILE, LanListener, own_address
from server.listening import listen
from server.settings import Settings
from server.spectators.reach import Reach


class Network:
    def __init__(self, folder: Path, **settings: object) -> None:
        self.served: list[int] = []
        self.stopped = 0
        self.listener = LanListener(Settings(data=folder, lan_host="127.0.0.1", **settings), self.serve)

    def serve(self, listener: socket.socket):
        self.served.append(listener.getsockname()[1])

        async def stop() -> None:
            self.stopped += 1

        return stop


async def test_it_is_opened_once_however_many_ask(tmp_path: Path) -> None:
    network = Network(tmp_path)
    places = await asyncio.gather(*(network.listener.open() for _ in range(5)))
    assert len(network.served) == 1
    assert {place.base for place in places} == {f"http://127.0.0.1:{network.served[0]}"}
    assert places[0].reach is Reach.MACHINE
    await network.listener.close()
    await network.listener.close()
    assert network.stopped == 1
    socket.create_server(("127.0.0.1", network.served[0])).close()


async def test_its_port_is_the_same_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        network = Network(tmp_path)
        place = await network.listener.open()
        await network.listener.close()
        assert place.base.endswith(f":{(tmp_path / PORT_FILE).read_text().strip()}")
    assert network.served == [int((tmp_path / PORT_FILE).read_text())]


async def test_a_kept_port_that_is_taken_is_given_up_and_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / PORT_FILE).write_text(str(port))
        network = Network(tmp_path)
        with capture_logs() as logs:
            await network.listener.open()
        await network.listener.close()
    assert network.served != [port]
    assert (tmp_path / PORT_FILE).read_text() == f"{network.served[0]}\n"
    assert str(port) in logs[0]["reason"]


async def test_a_port_that_was_asked_for_and_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        network = Network(tmp_path, lan_port=port)
        with pytest.raises(UnavailableError, match=f"TENDESKS_LAN_PORT: expected a free port.*{port}"):
            await network.listener.open()
    await network.listener.open()
    await network.listener.close()


@pytest.mark.parametrize("text", ["", "x", "0", "70000", "-1"])
async def test_a_port_file_of_no_use_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / PORT_FILE).write_text(text)
    network = Network(tmp_path)
    await network.listener.open()
    await network.listener.close()
    assert network.served[0] > 0


async def test_a_machine_without_a_network_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.lan.own_address", lambda _: None)
    listener = LanListener(Settings(data=tmp_path), lambda _: pytest.fail("expected nothing to be served"))
    with pytest.raises(UnavailableError, match="in a local network, got none"):
        await listener.open()


def test_the_address_is_one_by_which_others_find_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(self: socket.socket, _address: object) -> None:
        raise OSError("no way out")

    class Nowhere(socket.socket):
        connect = unreachable

    monkeypatch.setattr("server.lan.socket.socket", Nowhere)
    assert own_address(["127.0.0.1", "fe80::1", "192.168.1.7", "10.0.0.1"]) == "192.168.1.7"
    assert own_address(["127.0.0.1", "0.0.0.0", "what"]) is None


def test_an_address_that_cannot_be_listened_at_is_named() -> None:
    with (
        pytest.raises(
            ConfigurationError,
            match=r"TENDESKS_X: expected a free port at 192\.0\.2\.1, got 5 .*; try another",
        ),
        listen("192.0.2.1", 5, "X", "try another"),
    ):
        pass
