import pytest

from server.cli.api import Api
from server.cli.exits import NoServerError, RefusedError
from server.cli.kept import Finished, Lines, result_lines
from tests.cli.office import FakeOffice, Served, quick_clock


def test_lines_are_read_again_and_at_their_places() -> None:
    with Lines() as lines:
        places = [lines.add(line) for line in (b"one", b"", b"three")]
        read = []
        for line in lines:
            read.append(line)
            assert lines.at(places[0]) == b"one", "looking elsewhere meanwhile does no harm"
        assert read == [b"one", b"", b"three"]
        assert list(lines) == read
        assert [lines.at(place) for place in places] == read


def test_the_first_line_of_a_key_counts() -> None:
    with Finished() as finished:
        finished.add("a", b"new")
        finished.add("a", b"old")
        finished.add("b", b"other")
        assert (len(finished), "a" in finished, "c" in finished, None in finished) == (2, True, False, False)
        assert (finished.line("a"), finished.line("b")) == (b"new", b"other")


async def test_results_that_break_off_are_taken_up_where_they_did(
    office: FakeOffice, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.results = b"".join(b'{"n": %d}\n' % n for n in range(5_000))
    async with Api(server.address, quick_clock()) as api:
        cuts = iter((3, 2_000))
        whole = api.download

        def cut(path: str, **query: object) -> object:
            return _Cut(whole(path, **query), next(cuts, None))

        monkeypatch.setattr(api, "download", cut)
        got = [line async for line in result_lines(api, "b1aaaaaaaaaa", state="done")]
    assert got == office.results.splitlines()
    [*_, asked] = office.requests("GET", "/batches/b1aaaaaaaaaa/results")
    assert asked.query == {"format": "ndjson", "state": "done"}


async def test_results_that_are_refused_are_not_asked_for_again(office: FakeOffice, server: Served) -> None:
    office.problems[("GET", "/batches/b1aaaaaaaaaa/results")] = [
        (404, {"code": "not_found", "detail": "gone"})
    ]
    async with Api(server.address, quick_clock()) as api:
        with pytest.raises(RefusedError, match="gone"):
            [line async for line in result_lines(api, "b1aaaaaaaaaa")]


class _Cut:
    """A download whose connection is lost after some bytes."""

    def __init__(self, whole, after):  # type: ignore[no-untyped-def]
        self._whole, self._after = whole, after

    async def __aenter__(self):  # type: ignore[no-untyped-def]
        self._chunks = await self._whole.__aenter__()
        return self._cut()

    async def __aexit__(self, *error):  # type: ignore[no-untyped-def]
        await self._whole.__aexit__(*error)

    async def _cut(self):  # type: ignore[no-untyped-def]
        async for chunk in self._chunks:
            if self._after is not None:
                yield chunk[: self._after]
                raise NoServerError("broke off")
            yield chunk
