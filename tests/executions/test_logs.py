import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from server.errors import NotFoundError
from server.executions import logs as logs_module
from server.executions.logs import FLUSH_MS, WAITING_BYTES_MAX, LogPage, Logs
from tests.fakes.clock import START_MS, FakeClock

EXECUTION = "e00000000001"


def logs_in(
    folder: Path, clock: FakeClock | None = None, log_bytes_max: int = 1 << 20, logs_bytes_max: int = 1 << 30
) -> Logs:
    return Logs(folder, clock or FakeClock(), log_bytes_max=log_bytes_max, logs_bytes_max=logs_bytes_max)


def texts(page: LogPage) -> list[str]:
    return [text for _, text in page.lines]


async def rest_of(logs: Logs, execution: str, after: int = 0) -> tuple[list[str], LogPage]:
    """Read on from a position until there is nothing new; return all lines and the last page."""
    found: list[str] = []
    while True:
        page = await logs.tail(execution, after)
        found += texts(page)
        if page.next == after or page.ended:
            return found, page
        after = page.next


def files_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*.log"))


async def settled(logs: Logs) -> None:
    """Wait for the thread that writes, if one is under way."""
    while logs._flushing is not None:
        await asyncio.wait([logs._flushing])


async def test_a_log_is_read_while_it_grows_and_after_its_end(tmp_path: Path) -> None:
    logs = logs_in(tmp_path)
    log = logs.begin(EXECUTION)
    page = await logs.tail(EXECUTION)
    assert (page.lines, page.next, page.ended) == ([], 0, False)
    log.write("one\ntwo")
    page = await logs.tail(EXECUTION, page.next)
    assert (page.lines, page.ended) == ([(START_MS, "one"), (START_MS, "two")], False)
    await logs.flush()
    log.write("three")
    page = await logs.tail(EXECUTION, page.next)
    assert texts(page) == ["three"]
    assert texts(await logs.tail(EXECUTION)) == ["one", "two", "three"]
    log.end()
    page = await logs.tail(EXECUTION, page.next)
    assert (page.lines, page.ended) == ([], True)
    await logs.flush()
    later = logs_in(tmp_path)
    assert texts(await later.tail(EXECUTION)) == ["one", "two", "three"]
    assert (await later.tail(EXECUTION)).ended


async def test_a_page_that_is_not_the_last_one_is_not_the_end(tmp_path: Path) -> None:
    logs = logs_in(tmp_path)
    log = logs.begin(EXECUTION)
    lines = [f"{number} " + "x" * 1000 for number in range(700)]
    for part in range(0, 700, 100):
        log.write("\n".join(lines[part : part + 100]))
        if part == 300:
            await logs.flush()
    log.end()
    first = await logs.tail(EXECUTION)
    assert not first.ended
    assert sum(len(text) for text in texts(first)) <= logs_module.PAGE_BYTES_MAX
    assert (await rest_of(logs, EXECUTION))[0] == lines
    await logs.flush()
    assert (await rest_of(logs, EXECUTION))[0] == lines


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.text("ab \n", max_size=30), st.booleans()), max_size=12),
    st.integers(0, 400),
)
async def test_any_position_goes_on_at_the_next_line(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, bool]], after: int
) -> None:
    logs = logs_in(tmp_path_factory.mktemp("logs"))
    log = logs.begin(EXECUTION)
    expected: list[tuple[int, str]] = []  # (where the line begins, its text)
    position = 0
    for text, flushed in writes:
        log.write(text)
        for line in text.removesuffix("\n").split("\n"):
            expected.append((position, line))
            position += len(f"{START_MS} {line}\n")
        if flushed:
            await logs.flush()
    found, page = await rest_of(logs, EXECUTION, after)
    assert found == [line for begin, line in expected if begin >= after]
    assert page.next == position
    await logs.flush()


async def test_a_line_longer_than_a_page_comes_cut(tmp_path: Path) -> None:
    logs = logs_in(tmp_path)
    log = logs.begin(EXECUTION)
    log.write("x" * (2 * logs_module.PAGE_BYTES_MAX))
    log.write("after")
    found, page = await rest_of(logs, EXECUTION)
    assert found[0].startswith("xxx")
    assert found[-1] == "after"
    await logs.flush()
    assert page.next == log.size_bytes


@pytest.mark.parametrize(
    "execution",
    ["../../etc/passwd", "..", "e0/../../x", "E00000000001", "short", "e" * 17, "", "e00000000001\n"],
)
async def test_no_name_leads_out_of_the_folder(tmp_path: Path, execution: str) -> None:
    logs = logs_in(tmp_path)
    with pytest.raises(NotFoundError):
        logs.begin(execution)
    with pytest.raises(NotFoundError):
        await logs.tail(execution)


async def test_logs_that_are_not_there_are_empty_and_ended(tmp_path: Path) -> None:
    page = await logs_in(tmp_path).tail("e00000000009", 500)
    assert (page.lines, page.next, page.ended) == ([], 0, True)


async def test_an_execution_that_says_nothing_leaves_no_file(tmp_path: Path) -> None:
    logs = logs_in(tmp_path / "logs")
    logs.begin(EXECUTION).end()
    await logs.flush()
    assert not (tmp_path / "logs").exists()
    assert (await logs.tail(EXECUTION)).ended


async def test_lines_are_on_the_disk_within_a_second(tmp_path: Path) -> None:
    clock = FakeClock()
    logs = logs_in(tmp_path, clock)
    clock.settle = lambda: settled(logs)
    log = logs.begin(EXECUTION)
    log.write("one")
    await clock.advance(FLUSH_MS - 1)
    assert not files_in(tmp_path)
    await clock.advance(1)
    (path,) = files_in(tmp_path)
    assert path == tmp_path / EXECUTION[-2:] / f"{EXECUTION}.log"
    assert path.read_text() == f"{START_MS} one\n"
    log.write("two")
    await clock.advance(FLUSH_MS)
    assert path.read_text() == f"{START_MS} one\n{START_MS + FLUSH_MS} two\n"


async def test_much_at_once_and_ends_are_written_at_once(tmp_path: Path) -> None:
    logs = logs_in(tmp_path)
    much, ended = logs.begin("e00000000001"), logs.begin("e00000000002")
    much.write("x" * (WAITING_BYTES_MAX + 1))
    await settled(logs)
    ended.write("last words")
    ended.end()
    await settled(logs)
    assert len(files_in(tmp_path)) == 2
    assert list(logs._living) == ["e00000000001"], "an ended log is forgotten once it is written"


async def test_a_full_disk_is_told_once_and_passes(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.write_text("a file where the folder should be")
    logs = logs_in(folder)
    log = logs.begin(EXECUTION)
    with capture_logs() as said:
        for number in range(3):
            log.write(f"lost {number}")
            await logs.flush()
    assert [entry["event"] for entry in said] == ["logs cannot be written"]
    folder.unlink()
    log.write("kept")
    await logs.flush()
    log.end()
    await logs.flush()
    lines = texts(await logs.tail(EXECUTION))
    assert lines[-1] == "kept"
    assert "could not be written" in lines[0]
    assert len(lines) == 2


async def test_an_end_on_a_full_disk_is_an_end(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.write_text("a file where the folder should be")
    logs = logs_in(folder)
    log = logs.begin(EXECUTION)
    log.write("lost")
    log.end()
    await logs.flush()
    assert not logs._living
    assert not logs._changed


async def test_all_together_stay_within_their_limit(tmp_path: Path) -> None:
    logs = logs_in(tmp_path, logs_bytes_max=20_000)
    living = logs.begin("e00000000000")
    living.write("still running")
    await logs.flush()
    for number in range(1, 100):
        log = logs.begin(f"e{number:011}")
        log.write("x" * 1_000)
        log.end()
        await logs.flush()
        assert sum(path.stat().st_size for path in files_in(tmp_path)) <= 20_000
    assert texts(await logs.tail("e00000000000")) == ["still running"]
    assert len(texts(await logs.tail("e00000000099"))) == 1
    assert not texts(await logs.tail("e00000000001"))


async def test_one_log_stays_within_its_limit(tmp_path: Path) -> None:
    logs = logs_in(tmp_path)
    log = logs.begin(EXECUTION)
    for _ in range(2_000):
        log.write("x" * 1_000)
    log.end()
    await logs.flush()
    (path,) = files_in(tmp_path)
    assert 1_000_000 < path.stat().st_size <= 1 << 20
    lines, page = await rest_of(logs, EXECUTION)
    assert lines[-1] == "The log ends here: it has reached its 1,048,576 bytes."
    assert page.ended


async def test_who_works_elsewhere_adds_to_what_is_there_and_nothing_stays_in_memory(tmp_path: Path) -> None:
    clock = FakeClock()
    logs = logs_in(tmp_path, clock)
    clock.settle = lambda: settled(logs)
    await logs.add(EXECUTION, "one\ntwo", lambda: True)
    assert texts(await logs.tail(EXECUTION)) == ["one", "two"], "at once, before it is on the disk"
    await clock.advance(FLUSH_MS)
    assert not logs._living
    assert not logs._changed
    await logs.add(EXECUTION, "three", lambda: True)
    page = await logs.tail(EXECUTION)
    assert page.lines[-1] == (START_MS + FLUSH_MS, "three")
    await logs.flush()
    later = logs_in(tmp_path, clock)  # the server was started again
    await later.add(EXECUTION, "four", lambda: True)
    assert texts(await later.tail(EXECUTION, page.next)) == ["four"]
    await later.flush()
    assert texts(await logs_in(tmp_path).tail(EXECUTION)) == ["one", "two", "three", "four"]


async def test_many_who_add_at_once_lose_no_line(tmp_path: Path) -> None:
    logs = logs_in(tmp_path)
    for part in range(5):
        await asyncio.gather(*(logs.add(EXECUTION, f"{part} {n}", lambda: True) for n in range(20)))
        await logs.flush()
        assert not logs._living
    found, _ = await rest_of(logs, EXECUTION)
    assert sorted(found) == sorted(f"{part} {n}" for part in range(5) for n in range(20))


async def test_what_goes_on_no_more_gets_no_lines_and_leaves_nothing(tmp_path: Path) -> None:
    logs = logs_in(tmp_path / "logs")
    await logs.add(EXECUTION, "too late", lambda: False)
    await logs.flush()
    assert not logs._living
    assert not (tmp_path / "logs").exists()
    with pytest.raises(NotFoundError):
        await logs.add("../x", "out of here", lambda: True)


async def test_a_log_that_others_add_to_stays_within_its_limit_over_restarts(tmp_path: Path) -> None:
    for _ in range(40):
        logs = logs_in(tmp_path, log_bytes_max=20_000)
        await logs.add(EXECUTION, "x" * 1_500, lambda: True)
        await logs.flush()
        assert not logs._living
    (path,) = files_in(tmp_path)
    assert path.stat().st_size <= 20_000
    lines, _ = await rest_of(logs_in(tmp_path), EXECUTION)
    assert lines[-1] == "The log ends here: it has reached its 20,000 bytes."
    assert lines[:-1] == ["x" * 1_500] * (len(lines) - 1)


async def test_a_line_cut_by_a_crash_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    logs = logs_in(tmp_path)
    await logs.add(EXECUTION, "whole", lambda: True)
    await logs.flush()
    (path,) = files_in(tmp_path)
    with path.open("ab") as file:
        file.write(f"{START_MS} cut o".encode())
    await logs.add(EXECUTION, "next", lambda: True)
    await logs.flush()
    assert (await rest_of(logs, EXECUTION))[0] == ["whole", "cut o", "next"]


async def test_a_full_disk_costs_the_lines_that_others_add_and_no_memory(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.write_text("a file where the folder should be")
    logs = logs_in(folder)
    with capture_logs() as said:
        await logs.add(EXECUTION, "lost", lambda: True)
        await logs.flush()
    assert [entry["event"] for entry in said] == ["logs cannot be written"]
    assert not logs._living
    folder.unlink()
    await logs.add(EXECUTION, "kept", lambda: True)
    await logs.flush()
    assert (await rest_of(logs, EXECUTION))[0] == ["kept"]
