from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.gateway.outbox import Flow, Outbox

BYTES_MAX = 100


def outbox(*keyframe: bytes) -> Outbox:
    return Outbox(lambda: keyframe or (b"keyframe",), BYTES_MAX)


def test_messages_leave_in_order_all_that_are_due() -> None:
    box = outbox()
    assert box.offer(b"a", 0)
    assert box.offer(b"b", 0)
    assert (box.take(), box.unsent, box.take()) == ([b"a", b"b"], 0, [])


def test_a_message_that_fits_exactly_is_queued_and_one_byte_more_is_not() -> None:
    box = outbox()
    assert box.offer(b"x" * 60, 0)
    assert box.offer(b"x" * 40, 0)
    assert not box.offer(b"x", 5)
    assert (box.flow, box.unsent, box.lag_ms(9)) == (Flow.LAGGING, 0, 4)


def test_a_message_of_any_length_is_queued_while_nothing_is_unsent() -> None:
    box = outbox()
    assert box.offer(b"x" * 1_000, 0)
    assert not outbox().offer(b"x" * 1_000, 0, below=1)


def test_what_the_layers_below_hold_counts() -> None:
    box = outbox()
    assert box.offer(b"x" * 50, 0, below=50)
    assert not box.offer(b"x" * 50, 0, below=50)


def test_who_lags_gets_one_keyframe_as_it_is_when_drained_and_then_what_comes() -> None:
    states = [b"old"]
    box = Outbox(lambda: (states[-1],), BYTES_MAX)
    box.offer(b"x" * 90, 0)
    box.offer(b"dropped" * 9, 0)
    assert not box.offer(b"lost", 0)
    states.append(b"new")
    assert box.take() == [b"new"]
    assert box.offer(b"next", 0)
    assert box.take() == [b"next"]
    assert box.lag_ms(50_000) == 0


def test_the_lag_is_counted_from_its_beginning() -> None:
    box = outbox()
    box.offer(b"x" * 90, 1_000, below=90)
    box.offer(b"x" * 90, 20_000, below=90)
    box.owe(25_000)
    assert box.lag_ms(31_000) == 30_000


def test_a_long_way_back_is_queued_whole() -> None:
    box = outbox(b"resumed", b"x" * 90, b"y" * 90)
    box.owe(0)
    assert box.take() == [b"resumed", b"x" * 90, b"y" * 90]


def test_shut_drops_what_is_queued_unless_there_is_a_last_word() -> None:
    box, polite = outbox(), outbox()
    for one in (box, polite):
        one.offer(b"a", 0)
    box.shut()
    polite.shut(b"bye")
    polite.shut()
    assert not polite.offer(b"b", 0)
    assert (box.take(), polite.take()) == ([], [b"a", b"bye"])


class Socket(RuleBasedStateMachine):
    """A writer of any pace: what leaves leads to the newest state, and memory is bounded all the while."""

    def __init__(self) -> None:
        super().__init__()
        self.newest = 0
        self.seen = 0
        self.below = 0
        self.box = Outbox(lambda: (b"keyframe %d" % self.newest,), BYTES_MAX)

    @rule(size=st.integers(12, 150))
    def happen(self, size: int) -> None:
        self.newest += 1
        self.box.offer(b"diff %d " % self.newest + b"." * (size - 12), self.newest, self.below)

    @precondition(lambda self: not self.below)
    @rule()
    def write(self) -> None:
        messages = self.box.take()
        if not messages:
            assert self.seen == self.newest
        for message in messages:
            kind, number = message.split()[:2]
            assert kind == b"keyframe" or int(number) == self.seen + 1
            self.seen = int(number)
            self.below += len(message)

    @precondition(lambda self: self.below)
    @rule()
    def arrive(self) -> None:
        self.below = 0

    @invariant()
    def bounded(self) -> None:
        assert self.box.unsent + self.below <= max(BYTES_MAX, 150)


Socket.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestSocket = Socket.TestCase
