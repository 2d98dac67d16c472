from server.executions.log import Log, lines_in
from tests.fakes.clock import START_MS, FakeClock


class Heeded:
    """Counts how often a log said that it has changed."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _: Log) -> None:
        self.count += 1


def log_of(bytes_max: int = 10_000) -> tuple[Log, FakeClock, Heeded]:
    clock, heeded = FakeClock(), Heeded()
    return Log("e00000000001", clock, bytes_max, heeded), clock, heeded


async def test_lines_carry_the_moment_they_came() -> None:
    log, clock, heeded = log_of()
    log.write("one\ntwo\n")
    await clock.advance(5)
    log.write("three")
    log.write("")
    assert lines_in(log.unwritten()) == [
        (START_MS, "one"),
        (START_MS, "two"),
        (START_MS + 5, "three"),
        (START_MS + 5, ""),
    ]
    assert log.size_bytes == len(log.unwritten()) == log.waiting_bytes
    assert heeded.count == 3


def test_what_no_file_can_hold_is_replaced() -> None:
    log, _, _ = log_of()
    log.write("a\x00b \ud83d \u2028 c\x0bd")
    assert lines_in(log.unwritten()) == [(START_MS, "ab ? \u2028 c\x0bd")]


def test_a_full_log_says_so_once_and_stays_within_its_limit() -> None:
    for size in (7, 100, 5_000, 50_000):
        log, _, _ = log_of(10_000)
        for number in range(2 * 10_000 // size + 2):
            log.write(f"{number} " + "x" * size)
        data = log.unwritten()
        assert len(data) <= 10_000
        lines = [text for _, text in lines_in(data)]
        assert lines[-1] == "The log ends here: it has reached its 10,000 bytes."
        assert [text for text in lines if "ends here" in text] == lines[-1:]
        assert lines[:-1] == [f"{number} " + "x" * size for number in range(len(lines) - 1)]


def test_of_a_block_that_does_not_fit_the_first_lines_are_kept() -> None:
    log, _, _ = log_of(1_000)
    log.write("".join(f"line {number}\n" for number in range(1_000)))
    lines = [text for _, text in lines_in(log.unwritten())]
    assert lines[:30] == [f"line {number}" for number in range(30)]
    assert lines[-1].startswith("The log ends here")


def test_what_is_on_the_disk_is_no_longer_kept() -> None:
    log, _, _ = log_of()
    log.write("one")
    first = log.unwritten()
    log.write("two")
    log.written(len(first))
    assert (log.written_bytes, log.waiting_bytes) == (len(first), len(log.unwritten()))
    assert lines_in(log.unwritten()) == [(START_MS, "two")]


def test_what_could_not_be_written_is_missed_in_the_log() -> None:
    log, _, _ = log_of()
    log.write("one")
    count = log.waiting_bytes
    log.write("two")
    log.lost(count, "No space left on device")
    assert [text for _, text in lines_in(log.unwritten())] == [
        "two",
        "Lines are missing here, they could not be written: No space left on device.",
    ]
    log.end()
    log.lost(log.waiting_bytes, "No space left on device")
    assert (log.size_bytes, log.unwritten()) == (0, b"")


def test_nothing_comes_after_the_end() -> None:
    log, _, heeded = log_of()
    log.end()
    log.write("late")
    assert (log.size_bytes, heeded.count) == (0, 1)


def test_damaged_lines_are_still_lines() -> None:
    assert lines_in(b"") == []
    assert lines_in(b"12 a\nrubbish here\n\xff\n13 cut of") == [
        (12, "a"),
        (0, "rubbish here"),
        (0, "�"),
        (13, "cut of"),
    ]
