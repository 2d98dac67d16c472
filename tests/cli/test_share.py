"""`tendesks share` against a real server: the URL alone on standard output, what it reaches beside it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.cli.share import name, standing, watched, what
from tests.cli.conftest import Command
from tests.cli.office import Served
from tests.guests import exchange, heard, watch
from tests.processes import ServerProcess, serving

pytestmark = pytest.mark.flow

NOW_MS = 1_795_000_000_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("share") / "data"
    with serving(data, environ={"TENDESKS_LAN_HOST": "127.0.0.1"}) as found:
        yield found


@pytest.fixture
def there(house: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerProcess]:
    monkeypatch.setenv("TENDESKS_URL", house.url)
    monkeypatch.setenv("TENDESKS_TOKEN", house.token)
    yield house
    for link in house.api("GET", "/links")["items"]:
        house.api("DELETE", f"/links/{link['id']}")


def made(result: Any) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_the_url_stands_alone_and_its_reach_beside_it(tendesks: Command, there: ServerProcess) -> None:
    result = tendesks("share", "create", "--label", "Wall", "--view", "figures")
    assert result.exit_code == 0
    url = result.stdout.strip()
    link = url.rpartition("/")[2].partition("#")[0]
    assert url.startswith(f"{there.url}/s/")
    assert result.stderr.startswith("It works on this machine only; `--lan` makes one for the local network.")
    assert "It ends " in result.stderr
    assert exchange({"id": link, "url": url})["view"] == "figures"


def test_what_is_said_is_asked_for(tendesks: Command, there: ServerProcess) -> None:
    batch = there.api(
        "POST",
        "/batches",
        json={"name": "List", "kind": "demo", "params": {"seconds": 0}, "tasks": [{"input": {}}]},
    )
    options = (
        "--origin",
        "https://one.example",
        "--origin",
        "https://two.example",
        "--card",
        "--expires",
        "2h",
    )
    link = made(tendesks("share", "create", *options, "--json"))
    assert link["origins"] == ["https://one.example", "https://two.example"]
    assert (link["card"], link["lan"], link["reach"]) == (True, False, "machine")
    assert made(tendesks("share", "create", "--batch", "List", "--json"))["batch"] == batch["id"]
    lan = tendesks("share", "create", "--lan")
    assert not lan.stdout.startswith(there.url)
    for wrong, said in (
        (("--recording", "nothing1"), "there is no 'nothing1'"),
        (("--from", "2026-11-18T11:00:00Z"), "with a recording only"),
    ):
        result = tendesks("share", "create", *wrong)
        assert (result.exit_code, result.stdout) == (1, "")
        assert said in result.stderr


@pytest.mark.parametrize("span", ["soon", "0", "-1d"])
def test_a_span_that_is_none_is_told_before_anything_is_asked(tendesks: Command, span: str) -> None:
    for command in (("create", f"--expires={span}"), ("rotate", "a", f"--grace={span}")):
        result = tendesks("share", *command)
        assert result.exit_code == 2
        assert "expected a duration such as" in result.stderr


def test_where_there_are_none_it_is_said_how_one_is_made(tendesks: Command, online: Served) -> None:
    result = tendesks("share", "list")
    assert (result.exit_code, result.stdout) == (0, "No links. `tendesks share create` makes one.\n")


def test_links_are_listed_with_who_watches(tendesks: Command, there: ServerProcess) -> None:
    link = made(tendesks("share", "create", "--label", "Team", "--json"))
    with watch(there.url, exchange(link)["grant"]) as socket:
        heard(socket, "keyframe")
        (line,) = [line for line in tendesks("share", "list").stdout.splitlines() if link["id"] in line]
        assert "Team" in line
        assert "live, batch names" in line
        assert "1 viewer " in line
        result = tendesks("share", "revoke", link["id"][:12])
        assert result.stdout == "Team: ended; 1 viewer is cut off.\n"
    listed = made(tendesks("share", "list", "--json"))["links"]
    assert [each["state"] for each in listed if each["id"] == link["id"]] == ["revoked"]


def test_a_link_is_rotated_with_a_grace_or_without(tendesks: Command, there: ServerProcess) -> None:
    link = made(tendesks("share", "create", "--json"))
    result = tendesks("share", "rotate", link["id"], "--grace", "1h")
    assert "The former URL is good until " in result.stderr
    exchange(link)
    again = made(tendesks("share", "rotate", link["id"], "--json"))
    exchange(link, 404)
    exchange(again)


def test_an_id_must_be_one_links(tendesks: Command, there: ServerProcess) -> None:
    ids = [made(tendesks("share", "create", "--json"))["id"] for _ in range(40)]
    first = next(each[0] for each in ids if sum(other[0] == each[0] for other in ids) > 1)
    for wanted, said in (
        (first, "give more of it"),
        ("~", "no link's id begins with '~'"),
        ("", "no link's id"),
    ):
        result = tendesks("share", "revoke", wanted)
        assert result.exit_code == 1
        assert said in result.stderr
    answer = httpx2.get(f"{there.url}/healthz", trust_env=False)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("link", "shows", "stands"),
    [
        ({"state": "live"}, "live, batch names", "until 25 Nov"),
        ({"state": "expired", "recording": "r", "view": "figures"}, "replay, numbers", "expired"),
        ({"state": "revoked", "batch": "b", "view": "titles"}, "results", "revoked "),
    ],
)
def test_a_links_words(link: dict[str, str], shows: str, stands: str) -> None:
    link = {"view": "batches", "expires": "2026-11-25T11:06:40Z", "revoked": "2026-11-18T11:06:40Z"} | link
    assert what(link) == shows
    assert standing(link, NOW_MS).startswith(stands)
    assert name(link) == "unnamed"
    assert watched(link | {"viewers": 2}) == ("2 viewers" if shows.startswith("live") else "")
    assert name({"label": "a\x1b[2Jb"}) == "a [2Jb"
