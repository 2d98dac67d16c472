"""What may come over a socket, and what becomes of it: one line a case."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.hostile.raw import (
    BINARY,
    CLOSE,
    CONT,
    END,
    HELLO,
    LIVE,
    PING,
    PONG,
    RESET,
    TEXT,
    Raw,
    closing,
    frame,
    head,
)
from tests.hostile.target import Target

Play: TypeAlias = Callable[[Raw, Target], Awaitable[str | None]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Sent to a connection that is `open` (nothing was said), `shaken` (the handshake is done) or `live`."""

    name: str
    to: str
    data: bytes | Play
    ends: frozenset[str]


CUT = f"{END} {RESET}"
"""Closed without a close frame: the server saw the end first, or there was nobody to tell."""


def case(name: str, to: str, data: bytes | Play, ends: str) -> Case:
    return Case(name=name, to=to, data=data, ends=frozenset(ends.split()))


def text(data: bytes | str) -> bytes:
    return frame(data.encode() if isinstance(data, str) else data)


async def drip(raw: Raw, target: Target) -> None:
    for byte in head():
        if not await raw.send(bytes([byte])):
            break
        await asyncio.sleep(0.02)


async def be_silent(raw: Raw, target: Target) -> None:
    await target.house.clock.advance(5_000)


async def hurry(raw: Raw, target: Target) -> None:
    """Frames in the very packet of the handshake: a server that has not answered yet takes none."""
    await raw.send(head() + frame(HELLO) * 3)
    await raw.handshake()
    await target.house.clock.advance(5_000)


async def drip_fragments(raw: Raw, target: Target) -> None:
    await raw.send(frame(b"{", fin=False))
    for _ in range(10):
        await raw.send(frame(b" ", CONT, fin=False))
        await target.house.clock.advance(500)


async def reset(raw: Raw, target: Target) -> None:
    raw.reset()


def then_reset(data: bytes) -> Play:
    async def play(raw: Raw, target: Target) -> None:
        await raw.send(data)
        await asyncio.sleep(0)
        raw.reset()

    return play


def then_half_close(data: bytes) -> Play:
    async def play(raw: Raw, target: Target) -> None:
        await raw.send(data)
        raw.half_close()

    return play


async def foreign_page(raw: Raw, target: Target) -> str:
    """Another site's page, in a browser that is signed in here."""
    identity = target.house.tokens["owner"]
    target.house.cookie, target.house.origin = identity, b"http://127.0.0.1"
    try:
        await raw.send(head(origin=b"http://evil.example", cookie=b"tendesks_8000=stolen"))
        await raw.handshake()
        await raw.send(text('{"type":"hello"}'))
        return await raw.outcome()
    finally:
        target.house.cookie, target.house.origin = None, b""


GONE = "gone"
"""We closed it ourselves: what counts is what is left."""
ENDLESS = b"x: " + b"y" * 200_000

CASES: tuple[Case, ...] = (
    # The handshake. What is no request, or none of ours, is answered in HTTP.
    case("a handshake that never comes", "open", b"", "http408"),
    case("a handshake that never ends", "open", head()[:-2], "http408"),
    case("a handshake, a byte at a time", "open", drip, "http408"),
    case("line feeds before a request that never comes", "open", b"\r\n" * 1_000, "http408"),
    case("a second request that never ends", "open", head(upgrade=None) + b"GET /live HT", "http404"),
    case("a header line of 9,000 bytes", "open", head(x=b"y" * 9_000), "http431"),
    case("a head of 200 kB that never ends", "open", head()[:-2] + ENDLESS, f"http431 {RESET}"),
    case("a request line that never ends", "open", b"GET /" + b"a" * 200_000, f"http431 {RESET}"),
    case("a header's name that never ends", "open", head()[:-2] + b"a" * 200_000, f"http431 {RESET}"),
    case("300 headers", "open", head()[:-2] + b"x: y\r\n" * 300 + b"\r\n", "http431"),
    case("version 7", "open", head(sec_websocket_version=b"7"), "http400"),
    case("no version", "open", head(sec_websocket_version=None), "http400"),
    case("no key", "open", head(sec_websocket_key=None), "http400"),
    case("a key that is too short", "open", head(sec_websocket_key=b"c2hvcnQ="), "http400"),
    case("a key that is no base64", "open", head(sec_websocket_key=b"!" * 24), "http400"),
    case("no upgrade", "open", head(upgrade=None), "http404"),
    case("an upgrade to something else", "open", head(upgrade=b"h2c"), "http404"),
    case("upgrade without connection", "open", head(connection=b"close"), "http404"),
    case("POST", "open", head(b"POST /live HTTP/1.1"), "http405"),
    case("HTTP/1.0", "open", head(b"GET /live HTTP/1.0"), "http400"),
    case("HTTP/9.9", "open", head(b"GET /live HTTP/9.9"), "http400"),
    case("another path", "open", head(b"GET /other HTTP/1.1"), "http403"),
    case("a path beyond ASCII", "open", head(b"GET /l\xefve HTTP/1.1"), f"http400 http403 http404 {CUT}"),
    case("a header beyond ASCII", "open", head(cookie=b"tendesks_1=\xff\xfe", upgrade=None), "http404"),
    case("a NUL in a header", "open", head(x=b"a\x00b"), "http400"),
    case("two lengths", "open", head(content_length=b"5, 6"), "http400"),
    case("a length and chunks", "open", head(content_length=b"5", transfer_encoding=b"chunked"), "http400"),
    case("a body with the handshake", "open", head(content_length=b"5") + b"hello", CUT),
    case("noise", "open", bytes(range(256)) * 4, "http400"),
    case("TLS", "open", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), "http400"),
    case("no subprotocol", "open", head(sec_websocket_protocol=None), "4409"),
    case("another subprotocol", "open", head(sec_websocket_protocol=b"tendesks.v9"), "4409"),
    case("frames along with the handshake", "open", hurry, "4401"),
    case("half a handshake, then half closed", "open", then_half_close(head()[:60]), CUT),
    case("half a handshake, then RST", "open", then_reset(head()[:60]), GONE),
    case("a whole handshake, then RST", "open", then_reset(head()), GONE),
    case("another site's page with our cookie", "open", foreign_page, "4403"),
    # Frames that are none (RFC 6455, section 5).
    case("not masked", "shaken", frame(HELLO, masked=False), "1002"),
    case("reserved bit 1", "shaken", frame(HELLO, rsv=4), "1002"),
    case("reserved bit 2", "shaken", frame(HELLO, rsv=2), "1002"),
    case("reserved bit 3", "shaken", frame(HELLO, rsv=1), "1002"),
    case("reserved opcode 3", "shaken", frame(HELLO, 3), "1002"),
    case("reserved opcode 11", "shaken", frame(b"", 11), "1002"),
    case("a ping in fragments", "shaken", frame(b"a", PING, fin=False), "1002"),
    case("a close in fragments", "shaken", frame(b"\x03\xe8", CLOSE, fin=False), "1002"),
    case("a ping of 126 bytes", "shaken", frame(b"a" * 126, PING), "1002"),
    case("a close of 200 bytes", "shaken", closing(1000, b"a" * 198), "1002"),
    case("a continuation of nothing", "shaken", frame(HELLO, CONT), "1002"),
    case("a new message within another", "shaken", frame(b"{", fin=False) + frame(HELLO), "1002"),
    case("a close within a message", "shaken", frame(b"{", fin=False) + closing(1000), "1002"),
    case("a second handshake", "shaken", head(), "1002"),
    case("a second handshake of somebody live", "live", head(), "1002"),
    # Text that is none.
    case("no UTF-8", "shaken", text(b'{"type":"hello","token":"\xff"}'), "1007"),
    case("half a surrogate", "shaken", text(b"\xed\xa0\x80"), "1007"),
    case("a longer form of /", "shaken", text(b"\xc0\xaf"), "1007"),
    case("bad UTF-8 in two frames", "shaken", frame(b"\xf0\x9f", fin=False) + frame(b"\x41", CONT), "1007"),
    case("a letter cut off at the end", "shaken", frame(b"{", fin=False) + frame(b"\xe2\x82", CONT), "1007"),
    case(
        "good UTF-8 in two frames",
        "shaken",
        frame(b'{"type":"hello","token":"owner","x":"\xe2', fin=False) + frame(b'\x82\xac"}', CONT),
        LIVE,
    ),
    # What is too long.
    case("2^63 - 1 bytes, it says", "shaken", frame(form=64, length=2**63 - 1), "1009"),
    case("a negative length, it says", "shaken", frame(form=64, length=-1), "1009"),
    case("16 MiB, it says, and sends", "shaken", frame(b"a" * (1 << 24)), f"1009 {RESET}"),
    case("a message of 70,000 bytes", "shaken", text(b"a" * 70_000), "4400"),
    case("a message of 140,000 bytes", "shaken", text(b"a" * 140_000), f"1009 {RESET}"),
    case(
        "140,000 bytes in fragments",
        "shaken",
        frame(b"a" * 2_000, fin=False) + frame(b"a" * 2_000, CONT, fin=False) * 70,
        f"1009 {RESET}",
    ),
    case("fragments of nothing", "shaken", frame(fin=False) + frame(opcode=CONT, fin=False) * 2_000, "4429"),
    case("a length longer than it need be", "shaken", frame(HELLO, form=64), LIVE),
    # Floods.
    case("pings", "shaken", frame(b"a", PING) * 50_000, f"4429 {RESET}"),
    case("pings of somebody live", "live", frame(b"a" * 125, PING) * 5_000, f"4429 {RESET}"),
    case("pongs", "live", frame(b"a", PONG) * 50_000, f"4429 {RESET}"),
    case("acks", "live", text('{"type":"ack","seq":0}') * 30, "4429"),
    case("thousands of acks", "live", text('{"type":"ack","seq":0}') * 20_000, f"4429 {RESET}"),
    case("empty messages", "shaken", frame() * 50_000, f"4400 4429 {RESET}"),
    case("hellos", "shaken", frame(HELLO) * 2_000, f"4400 4429 {RESET}"),
    case("changes of level", "live", text('{"type":"level","value":"hidden"}') * 1_000, f"4429 {RESET}"),
    # Closing.
    case("close", "live", closing(1000), "1000"),
    case("close without a code", "live", frame(opcode=CLOSE), "1005"),
    case("close with a code of ours", "live", closing(4999, b"bye"), "4999"),
    *(case(f"close with {code}", "live", closing(code), "1002") for code in (0, 999, 1004, 1005, 1006, 1015)),
    case("close with 5000", "live", closing(5000), "1002"),
    case("close of one byte", "live", frame(b"\x03", CLOSE), "1002"),
    case("close with no UTF-8", "live", closing(1000, b"\xff"), "1007"),
    case("messages after close", "live", closing(1000) + text('{"type":"ack","seq":0}') * 100, "1000"),
    case("pings after close", "live", closing(1000) + frame(b"a", PING) * 100, "1000"),
    # Messages that are none (interface.md, section 5).
    case("a binary message", "shaken", frame(HELLO, BINARY), "4400"),
    case("no JSON", "shaken", text("hello"), "4400"),
    case("nothing", "shaken", text(""), "4400"),
    case("an array", "shaken", text("[]"), "4400"),
    case("JSON, 30,000 deep", "shaken", text("[" * 30_000 + "]" * 30_000), "4400"),
    case("objects, 10,000 deep", "shaken", text('{"a":' * 10_000 + "1" + "}" * 10_000), "4400"),
    case("a number of 60,000 digits", "shaken", text('{"type":"hello","seq":' + "9" * 60_000 + "}"), "4400"),
    case("1e999", "shaken", text('{"type":"hello","seq":1e999}'), "4400"),
    case("2^64", "shaken", text('{"type":"hello","seq":18446744073709551616}'), "4400"),
    case("NaN", "shaken", text('{"type":"hello","seq":NaN}'), "4400"),
    case("-1", "shaken", text('{"type":"hello","seq":-1}'), "4400"),
    case("a NUL", "shaken", text(b"\x00"), "4400"),
    case("a token with a NUL", "shaken", text('{"type":"hello","token":"owner\\u0000"}'), "4401"),
    case(
        "a token of 60,000 characters",
        "shaken",
        text('{"type":"hello","token":"' + "a" * 60_000 + '"}'),
        "4401",
    ),
    case("half a surrogate, escaped", "shaken", text('{"type":"hello","token":"\\ud800"}'), "4400"),
    case("two types", "shaken", text('{"type":"ack","type":"hello","token":"owner"}'), LIVE),
    case("an ack first", "shaken", text('{"type":"ack","seq":0}'), "4400"),
    case("a second hello", "live", frame(HELLO), "4400"),
    case("an ack of what was never sent", "live", text('{"type":"ack","seq":9223372036854775807}'), LIVE),
    case("no hello", "shaken", be_silent, "4401"),
    case("a hello that never ends", "shaken", drip_fragments, "4401"),
    case("another's token", "shaken", text('{"type":"hello","token":"stranger"}'), "4401"),
    case("another's office", "shaken", text('{"type":"hello","token":"owner","office":"o2"}'), "4404"),
    # The network.
    case("half closed before hello", "shaken", then_half_close(b""), CUT),
    case("half closed", "live", then_half_close(b""), CUT),
    case("half closed in mid-frame", "live", then_half_close(frame(HELLO)[:9]), CUT),
    case("RST", "live", reset, GONE),
    case("RST in mid-frame", "live", then_reset(frame(b"a" * 60_000)[:30_000]), GONE),
    case("RST before hello", "shaken", reset, GONE),
    case("RST with hello", "shaken", then_reset(frame(HELLO)), GONE),
    case("text, then RST", "live", then_reset(frame(HELLO, TEXT) * 3), GONE),
)
