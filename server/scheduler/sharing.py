"""How the batches of an office share its slots from now on (pure): processor sharing by the very rules of fairness.

The next free slot goes to the smallest running ÷ weight, then to the oldest turn. In the long run each batch holds those
slots that come first by that measure, and the last level is shared by its batches, in proportion to how long each holds
one. With more batches than slots weights play no part: they take turns, and long tasks give theirs up less often.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.model import PRIORITIES

LEVELS = max(PRIORITIES)  # running ÷ weight is a multiple of 1 / LEVELS
MANY = 16  # of more batches than these, an eighth may end between two looks at the shares
NOTHING = 1e-9


@dataclass(slots=True, eq=False)
class Share:
    """What one batch wants, and what it gets.

    Wants: `starts` of `each_ms`, and `left_ms` in all for the `running` ones; `most` slots at once. Gets: its work is
    done at `ends_ms`, and until then it has `lanes` slots (those of its last stretch).
    """

    weight: int
    most: int
    turn: int
    starts: float
    each_ms: float
    left_ms: float
    running: int
    ends_ms: float = 0.0
    lanes: float = 0.0
    todo_ms: float = 0.0

    @property
    def work_ms(self) -> float:
        """All that is left, in slot time."""
        return self.starts * self.each_ms + self.left_ms


def share(shares: Sequence[Share], slots: int) -> None:
    """Work out when each batch's work is done. Batches that only end what they run hold their slots until then."""
    ending = [each for each in shares if each.starts <= 0 and each.running]
    for each in ending:
        each.lanes, each.ends_ms = float(each.running), each.left_ms / each.running
    ending.sort(key=lambda each: each.ends_ms, reverse=True)
    going = [each for each in shares if each.starts > 0]
    for each in going:
        each.todo_ms = each.work_ms
    now_ms, taken = 0.0, sum(each.running for each in ending)
    while going:
        lanes(going, max(1, slots - taken))
        step_ms = _step(going)
        if ending and ending[-1].ends_ms < now_ms + step_ms:
            step_ms = max(0.0, ending[-1].ends_ms - now_ms)
            taken -= ending.pop().running
        going = _advance(going, now_ms, step_ms)
        now_ms += step_ms


def lanes(going: Sequence[Share], slots: int) -> None:
    """Set how many slots each batch holds while all of these have tasks waiting."""
    if len(going) > slots:
        for each in going:
            each.lanes = 0.0
        _divide(going, slots)
        return
    if sum(each.most for each in going) <= slots:
        for each in going:
            each.lanes = float(each.most)
        return
    level = LEVELS * slots // sum(each.weight for each in going)
    while _held(going, level) > slots:
        level -= 1
    while _held(going, level + 1) <= slots:
        level += 1
    tied = []
    for each in going:
        each.lanes = float(min(each.most, -(-level * each.weight // LEVELS)))
        if each.lanes < each.most and level * each.weight % LEVELS == 0:
            tied.append(each)
    _divide(tied, slots - _held(going, level))


def _held(going: Sequence[Share], level: int) -> int:
    """Return how many slots are held by those whose running ÷ weight was below a level when they got them."""
    return sum(min(each.most, -(-level * each.weight // LEVELS)) for each in going)


def _divide(tied: Sequence[Share], spare: float) -> None:
    """Share what is left among equals: none gets more than one, and who holds it longer has it more."""
    holds = [(each.each_ms / (each.lanes + 1), number) for number, each in enumerate(tied)]
    whole = sum(hold for hold, _ in holds)
    holds.sort(reverse=True)
    for hold, number in holds:
        each = tied[number]
        part = spare * hold / whole if spare * hold < whole else 1.0
        each.lanes += part
        spare -= part
        whole -= hold


def _step(going: Sequence[Share]) -> float:
    """Return how long the shares stay as they are: until the next batch's work is done, or the next few of many."""
    times = sorted([each.todo_ms / each.lanes for each in going])
    return times[len(times) // 8 if len(times) > MANY else 0]


def _advance(going: Sequence[Share], now_ms: float, step_ms: float) -> list[Share]:
    """Let time pass; return those that still have work."""
    left = []
    for each in going:
        needed_ms = each.todo_ms / each.lanes
        if needed_ms <= step_ms * (1 + NOTHING):
            each.ends_ms = now_ms + needed_ms
        else:
            each.todo_ms -= step_ms * each.lanes
            left.append(each)
    return left
