"""Whatever comes: a message or a refusal, a step that the table allows, and over the socket an end that is one of ours."""

import json
import os
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from server.gateway.close import Close, End
from server.gateway.protocol import Ack, BadMessageError, Hello, LevelChange, parse
from server.gateway.session import NEXT, Check, Enter, Note, Phase, Session, Show
from server.model import Scope, View
from tests.fakes.house import OWNER
from tests.hostile.raw import CLOSE, CONT, END, PING, PONG, RESET, TEXT, Raw, closing, frame
from tests.hostile.target import Target

SEED = 20261124
EXAMPLES = int(os.environ.get("TENDESKS_EXAMPLES", "150"))
BYTES_MAX = 2_000

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["hello", "ack", "level", "full", "hidden", "figures", "owner", 2**63, -(2**63), 2**64]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from(["type", "token", "office", "epoch", "view", "seq", "value", "extra"])
TYPES = st.sampled_from(["hello", "ack", "level"])
OBJECTS = st.builds(
    lambda kind, fields: {"type": kind, **fields}, TYPES | VALUES, st.dictionaries(NAMES, VALUES, max_size=6)
)
GOOD = st.sampled_from(
    [
        {"type": "hello", "token": "owner", "view": "full", "epoch": 1, "seq": 3},
        {"type": "ack", "seq": 7},
        {"type": "level", "value": "hidden"},
    ]
)


def told(value: Any) -> str:
    return json.dumps(value)


@st.composite
def bent(draw: st.DrawFn) -> str:
    """A good message, with something of its text left out, doubled or put in."""
    text = told(draw(GOOD | OBJECTS))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        stop = draw(st.integers(start, min(len(text), start + 5)))
        text = text[:start] + draw(st.text(max_size=3) | st.just(text[start:stop] * 2)) + text[stop:]
    return text


MESSAGES = st.one_of(GOOD.map(told), OBJECTS.map(told), VALUES.map(told), bent(), st.text(), st.binary())


@seed(SEED)
@settings(max_examples=4 * EXAMPLES)
@given(MESSAGES)
@example("[" * 1_900)
@example('{"a":' * 300 + "1" + "}" * 300)
@example('{"type":"hello","seq":' + "9" * 1_900 + "}")
@example('{"type":"hello","token":"\ud800"}')
@example('{"type":"ack","seq":1,"seq":null}')
def test_a_message_is_one_of_three_or_refused(data: str | bytes) -> None:
    try:
        message: object = parse(data, BYTES_MAX)
    except BadMessageError as error:
        message = error
    assert isinstance(message, Hello | Ack | LevelChange | BadMessageError)
    assert 0 < len(str(message)) < 200 + len(data)


STEPS = st.one_of(
    st.tuples(st.just("receive"), MESSAGES),
    st.tuples(st.just("known"), st.sampled_from([None, OWNER])),
    st.tuples(st.just("foreign"), st.just(OWNER)),
    st.tuples(st.just("overdue"), st.none()),
    st.tuples(st.just("fail"), st.sampled_from(Close)),
    st.tuples(st.just("wait"), st.integers(0, 5_000)),
)
ACTIONS: dict[tuple[Phase, Phase], tuple[type, ...]] = {
    (Phase.GREETING, Phase.CHECKING): (Check,),
    (Phase.CHECKING, Phase.LIVE): (Enter,),
    (Phase.LIVE, Phase.LIVE): (Note, Show),
    (Phase.GREETING, Phase.ENDED): (End,),
    (Phase.CHECKING, Phase.ENDED): (End,),
    (Phase.LIVE, Phase.ENDED): (End,),
}
"""What may be asked for at each step; whoever stays where it is, but live, is asked for nothing."""


def take(session: Session, what: str, given_: Any, now_ms: int) -> Any:
    if what == "receive":
        return session.receive(given_, now_ms)
    if what in {"known", "foreign"}:
        return session.known(given_, foreign=what == "foreign")
    if what == "fail":
        return session.fail(given_)
    return session.overdue() if what == "overdue" else None


@seed(SEED)
@settings(max_examples=2 * EXAMPLES)
@given(st.lists(STEPS, max_size=40))
@example([("receive", '{"type":"hello"}'), ("known", OWNER)] + [("receive", '{"type":"ack","seq":0}')] * 30)
@example([("receive", '{"type":"hello"}'), ("receive", '{"type":"hello"}'), ("known", OWNER)])
def test_a_session_takes_no_step_that_its_table_forbids(steps: list[tuple[str, Any]]) -> None:
    session, now_ms = Session(message_bytes_max=BYTES_MAX, now_ms=0), 0
    for what, given_ in steps:
        now_ms += given_ if what == "wait" else 0
        before = session.phase
        action = take(session, what, given_, now_ms)
        assert session.phase is before or session.phase in NEXT[before]
        assert action is None or isinstance(action, ACTIONS[before, session.phase])
        assert (session.phase is not before) <= (action is not None)
        assert (before is Phase.ENDED) <= (action is None)
        if isinstance(action, Enter):
            assert Scope.READ in action.identity.scopes
            assert action.view in View


FRAMES = st.one_of(
    st.binary(max_size=300),
    st.builds(
        frame,
        st.binary(max_size=200) | bent().map(str.encode),
        st.sampled_from([TEXT, TEXT, CONT, PING, PONG, CLOSE]) | st.integers(0, 15),
        fin=st.sampled_from([True, True, True, False]),
        rsv=st.sampled_from([0] * 9 + [1, 2, 4]),
        masked=st.sampled_from([True] * 9 + [False]),
    ),
    GOOD.map(told).map(str.encode).map(frame),
    st.builds(closing, st.integers(0, 6_000), st.binary(max_size=10)),
)
ECHOED = {*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)}
OURS = {str(int(close)) for close in Close} | {"1002", "1007", "1009", "1005", END, RESET}
"""Our codes, and those of RFC 6455; what the client closes with itself is given back to it, if it may close so."""


@pytest.mark.flow
@pytest.mark.asyncio(loop_scope="module")
@seed(SEED)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=st.lists(FRAMES, max_size=12), live=st.booleans(), cut=st.integers(1, 400))
async def test_whatever_streams_in_it_ends_well(
    target: Target, stream: list[bytes], live: bool, cut: int
) -> None:
    before, data = target.census(), b"".join(stream)
    with structlog.testing.capture_logs() as lines:
        async with Raw(target.port) as raw:
            await (raw.enter() if live else raw.shake())
            for start in range(0, len(data), cut):
                if not await raw.send(data[start : start + cut]):
                    break
            raw.half_close()
            ended = await raw.outcome()
        await target.is_as(before)
    assert ended in OURS or int(ended) in ECHOED, f"seed {SEED}: got {ended}"
    assert lines == []


@pytest.mark.flow
@pytest.mark.asyncio(loop_scope="module")
async def test_after_all_that_it_serves_truly(target: Target) -> None:
    await target.serves_truly()
