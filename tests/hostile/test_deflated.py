"""A peer that has agreed to deflate: all that others may send ends as before, and bombs and broken streams end as they should."""

import zlib

import pytest

from server.gateway.deflating import Inflow
from server.gateway.inlet import frames_burst_max
from tests.hostile.cases import CASES, Case, case
from tests.hostile.raw import (
    BINARY,
    CLOSE,
    CONT,
    HELLO,
    LIVE,
    PING,
    PONG,
    RESET,
    RSV1,
    TAIL,
    TEXT,
    Raw,
    closing,
    deflate,
    frame,
)
from tests.hostile.target import Target
from tests.hostile.test_cases import alive, play, weigh

pytestmark = [pytest.mark.flow, pytest.mark.asyncio(loop_scope="module")]

ACK = b'{"type":"ack","seq":0}'
ROUNDS = 20


def packed(data: bytes, opcode: int = TEXT, *, fin: bool = True) -> bytes:
    return frame(deflate(data), opcode, fin=fin, rsv=RSV1)


def pieces(data: bytes, size: int) -> bytes:
    """One message in fragments; only the first bears the bit."""
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    last = len(parts) - 1
    return b"".join(
        frame(part, CONT if number else TEXT, fin=number == last, rsv=0 if number else RSV1)
        for number, part in enumerate(parts)
    )


def ended(data: bytes) -> bytes:
    """A stream that says it is at its end."""
    made = zlib.compressobj(wbits=-10)
    return made.compress(data) + made.flush()


def going_on() -> bytes:
    """A second message that refers to the first, though it was agreed that none does."""
    made = zlib.compressobj(wbits=-10)
    sent = [(made.compress(ACK) + made.flush(zlib.Z_SYNC_FLUSH)).removesuffix(TAIL) for _ in range(2)]
    return b"".join(frame(data, rsv=RSV1) for data in sent)


BOMB = deflate(b"a" * (64 << 20))
PADDED = ACK + b" " * 60_000

DEFLATED: tuple[Case, ...] = (
    # What is as it should be.
    case("a hello", "shaken", packed(HELLO), LIVE),
    case("a hello in fragments", "shaken", pieces(deflate(HELLO), 5), LIVE),
    case("a hello in fragments of nothing", "shaken", frame(deflate(HELLO), fin=False, rsv=RSV1) + frame(opcode=CONT), LIVE),
    case("a hello, not deflated", "shaken", frame(HELLO), LIVE),
    case("a hello that ends its stream", "shaken", frame(ended(HELLO) + b"\x00", rsv=RSV1), LIVE),
    case("a hello of 64 KiB", "shaken", packed(HELLO + b" " * (64 * 1024 - len(HELLO))), LIVE),
    case("acks", "live", packed(ACK) * 3, LIVE),
    case("an ack with a ping in its midst", "live", frame(deflate(ACK)[:5], fin=False, rsv=RSV1) + frame(b"a", PING) + frame(deflate(ACK)[5:], CONT), LIVE),
    # What becomes too much.
    case("a bomb of 64 MiB", "shaken", frame(BOMB, rsv=RSV1), f"1009 {RESET}"),
    case("a bomb of 64 MiB of somebody live", "live", frame(BOMB, rsv=RSV1), f"1009 {RESET}"),
    case("a bomb in fragments", "shaken", pieces(BOMB, 100), f"1009 {RESET}"),
    case("a bomb in fragments of a byte", "live", pieces(deflate(b"a" * (1 << 20))[:150], 1), "1009"),
    case("a bomb in a binary message", "shaken", frame(BOMB, BINARY, rsv=RSV1), f"1009 {RESET}"),
    case("a bomb of 128 KiB and a byte", "shaken", packed(b"a" * (128 * 1024 + 1)), "1009"),
    case("70,000 bytes", "shaken", packed(b"a" * 70_000), "4400"),
    case("70,000 bytes of somebody live", "live", packed(b"a" * 70_000), "4400"),
    case("a flood of little that becomes much", "live", packed(PADDED) * 100, f"4429 {RESET}"),
    case("a flood of bombs that are small enough", "shaken", packed(b"a" * 100_000) * 100, f"4400 4429 {RESET}"),
    case("a flood of acks", "live", packed(ACK) * 2_000, f"4429 {RESET}"),
    case("bombs after close", "live", closing(1000) + packed(b"a" * 100_000) * 100, "1000"),
    # What is no stream.
    case("no deflate", "shaken", frame(b"\xff" * 20, rsv=RSV1), "1002"),
    case("no deflate, later", "live", frame(deflate(ACK)[:5], fin=False, rsv=RSV1) + frame(b"\xff" * 50, CONT), "1002"),
    case("a reference to before the beginning", "live", frame(b"\x02\x02\x00", rsv=RSV1), "1002 4400"),
    case("a context that goes on", "live", going_on(), "1002"),
    case("a stream cut off", "shaken", frame(deflate(HELLO)[:-8], rsv=RSV1), "1002 4400"),
    case("nothing, deflated", "shaken", frame(b"\x00", rsv=RSV1), "4400"),
    case("nothing at all with the bit", "shaken", frame(b"", rsv=RSV1), "4400"),
    case("no UTF-8, deflated", "shaken", packed(b'{"type":"hello","token":"\xff"}'), "1007"),
    case("a binary message, deflated", "shaken", packed(HELLO, BINARY), "4400"),
    # The bit where it may not be.
    case("a ping with the bit", "live", frame(b"a", PING, rsv=RSV1), "1002"),
    case("a deflated pong", "live", packed(b"a", PONG), "1002"),
    case("a close with the bit", "live", frame(b"\x03\xe8", CLOSE, rsv=RSV1), "1002"),
    case("a continuation with the bit", "live", frame(deflate(ACK)[:5], fin=False, rsv=RSV1) + frame(deflate(ACK)[5:], CONT, rsv=RSV1), "1002"),
    case("a continuation with the bit, of a plain message", "live", frame(ACK[:5], fin=False) + frame(deflate(ACK[5:]), CONT, rsv=RSV1), "1002"),
    case("another reserved bit", "live", frame(deflate(ACK), rsv=RSV1 | 2), "1002"),
    case("a message in the midst of a deflated one", "live", frame(deflate(ACK)[:5], fin=False, rsv=RSV1) + packed(ACK), "1002"),
)  # fmt: skip


@pytest.mark.parametrize("case", DEFLATED, ids=lambda case: case.name)
async def test_it_ends_as_it_should_and_nothing_is_left_of_it(
    target: Target, silent: None, case: Case
) -> None:
    before = target.census()
    came = await play(target, case, deflates=True)
    assert came in case.ends, f"expected {sorted(case.ends)}, got {came}"
    await target.is_as(before)
    await target.serves_truly()
    await target.is_as(before)


AGREEABLE = [case for case in CASES if case.to in {"shaken", "live"}]


@pytest.mark.parametrize("case", AGREEABLE, ids=lambda case: case.name)
async def test_what_is_not_deflated_ends_as_it_does_for_others(
    target: Target, silent: None, case: Case
) -> None:
    before = target.census()
    came = await play(target, case, deflates=True)
    assert came in case.ends, f"expected {sorted(case.ends)}, got {came}"
    await target.is_as(before)
    await target.serves_truly()


async def test_without_an_agreement_the_bit_is_refused(target: Target, silent: None) -> None:
    assert await play(target, case("a hello", "shaken", packed(HELLO), "1002")) == "1002"


async def test_bombs_leave_no_memory_behind(target: Target, silent: None) -> None:
    bombs = [case for case in DEFLATED if "bomb" in case.name]
    before = target.census()
    for bomb in bombs:
        await play(target, bomb, deflates=True)
    await target.serves_truly()
    await target.is_as(before)
    objects, memory = weigh()
    for bomb in bombs * ROUNDS:
        await play(target, bomb, deflates=True)
    await target.serves_truly()
    await target.is_as(before)
    more_objects, more_memory = weigh()
    assert more_objects - objects < 50
    assert more_memory - memory < 8 * 1024 * 1024


async def test_what_is_inflated_of_one_peer_before_it_is_told_is_bounded(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kilobyte counts as a frame: a burst, and what one piece of a packet still holds."""
    sizes: list[int] = []
    decode = Inflow.decode

    def counted(self: Inflow, *args: object, **limits: int) -> object:
        made = decode(self, *args, **limits)  # type: ignore[arg-type]
        sizes.append(len(made.data))
        return made

    monkeypatch.setattr(Inflow, "decode", counted)
    flood = case("a flood", "live", packed(PADDED) * 1_000, f"4429 {RESET}")
    assert await play(target, flood, deflates=True) in flood.ends
    assert 60_000 <= sum(sizes) < (frames_burst_max + 1_100) * 1_024


async def test_a_viewer_that_deflates_is_told_the_truth_beside_a_bomb(target: Target, silent: None) -> None:
    async with Raw(target.port, deflates=True) as raw:
        await raw.enter()
        assert raw.agreed
        await play(target, DEFLATED[8], deflates=True)
        assert await alive(raw, target) == LIVE
        await target.serves_truly()
        assert await raw.goes_on(b"diff") == LIVE
