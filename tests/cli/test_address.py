import json
from pathlib import Path

import pytest

from server.cli.address import Address, data_folder, find, read_local, split_token
from server.cli.exits import NoServerError, UsageError
from server.settings import load

LOCAL = "http://127.0.0.1:8123"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path, {"url": LOCAL, "token": "s3cret", "pid": 1})


def write(folder: Path, value: object, mode: int = 0o600) -> Path:
    path = folder / "server.json"
    path.write_text(json.dumps(value))
    path.chmod(mode)
    return folder


def test_the_local_servers_file_is_enough(data: Path) -> None:
    found = find(None, data, environ={})
    assert found == Address(url=LOCAL, token="s3cret", local=True)
    assert found.office == f"{LOCAL}/#token=s3cret"
    assert found.live == "ws://127.0.0.1:8123/live"
    assert found.loopback


@pytest.mark.parametrize(
    ("url", "environ", "expected"),
    [
        ("https://a.example/", {"TENDESKS_URL": "http://b.example"}, ("https://a.example", None)),
        (None, {"TENDESKS_URL": "http://b.example", "TENDESKS_TOKEN": "t"}, ("http://b.example", "t")),
        (None, {"TENDESKS_URL": "http://b.example/#token=f"}, ("http://b.example", "f")),
        (LOCAL, {}, (LOCAL, "s3cret")),
        (LOCAL, {"TENDESKS_TOKEN": "mine"}, (LOCAL, "mine")),
        ("http://c.example", {}, ("http://c.example", None)),
    ],
)
def test_option_then_environment_then_file(
    data: Path, url: str | None, environ: dict[str, str], expected: tuple[str, str | None]
) -> None:
    found = find(url, data, environ=environ)
    assert found is not None
    assert (found.url, found.token) == expected


def test_a_token_is_never_an_argument(data: Path) -> None:
    with pytest.raises(UsageError, match="TENDESKS_TOKEN"):
        find(f"{LOCAL}/#token=s3cret", data, environ={})


@pytest.mark.parametrize("url", ["office", "ftp://a.example", "http://", "127.0.0.1:8000"])
def test_what_is_no_url_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="expected a URL"):
        find(url, tmp_path, environ={})


def test_without_any_hint_there_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(NoServerError, match="tendesks serve"):
        find(None, tmp_path, environ={})
    assert find(None, tmp_path, environ={}, must=False) is None


@pytest.mark.parametrize("value", [None, [], {}, {"url": "http://127.0.0.1:8000"}, {"token": "t"}])
def test_a_file_that_says_nothing_is_no_server(tmp_path: Path, value: object) -> None:
    assert read_local(write(tmp_path, value)) is None


def test_a_token_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    write(tmp_path, {"url": LOCAL, "token": "t"}, mode=0o644)
    with pytest.raises(NoServerError, match="mode 644"):
        read_local(tmp_path)


def test_a_remote_address_keeps_its_token_out_of_the_url() -> None:
    remote = Address(url="https://a.example", token="t")
    assert remote.office == "https://a.example/"
    assert remote.live == "wss://a.example/live"
    assert not remote.loopback


def test_a_printed_url_comes_apart() -> None:
    assert split_token("http://127.0.0.1:8000/#token=abc") == ("http://127.0.0.1:8000", "abc")
    assert split_token("http://a.example/office/") == ("http://a.example/office", None)


def test_the_data_folder_is_the_settings_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TENDESKS_DATA")
    assert data_folder(None) == load().data
    assert data_folder(None, {"TENDESKS_DATA": "/d"}) == Path("/d")
    assert data_folder(Path("/e"), {"TENDESKS_DATA": "/d"}) == Path("/e")
