"""Everything that is measured, in the order of the page. One line here, one function there."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bench.rows import Row

SCHEDULER, PEERS, PROFILE = "Scheduler", "Other queues on the same work", "Where the time of S1 goes"
FORECAST = "The forecast"
FRAMES = "Frames and page"
RECORDINGS = "Recordings"
LIGHT = "Light on the machine"
AREAS = {
    SCHEDULER: (
        "The shipped house in its own process with shipped defaults (SQLite in WAL with synchronous=FULL on a real disk, "
        "events, results, the quota enforced), on tasks of the kind `python`, inline, that were handed in over HTTP before "
        "the clock starts. Moments are those of the house's own rows; processor time is what the kernel counted for its "
        "process."
    ),
    PEERS: (
        "Each queue in its newest version with the fastest of a few settings (found anew on this machine), on a "
        "redis-server 7 of its own, with the tasks handed in before the worker starts; measured by turns with this house, "
        "from the first stored result to the last. Processor time is that of all its processes and of redis. Ten Desks "
        "stores every start and every end on the disk in one process; of the others the row says what is on the disk."
    ),
    PROFILE: "",
    FORECAST: (
        "What a batch's forecast was worth, on simulated weeks through the shipped scheduler on a clock that jumps from timer to "
        "timer; a value for each week.\n\n![Promises against what came](pictures/forecast.svg)"
    ),
    FRAMES: (
        "The shipped house in its own process, whose bus is told what a scheduler would tell (`bench/fed.py`): the office trace "
        "(`bench/trace.py`: ten desks, three batches, ten minutes, seed 7), or something at every tick. Viewers are sockets of "
        "a client in C that counts and stamps what comes (`bench/client.c`); the floor is a send loop in C (`bench/floor.c`). "
        "Other servers of frames are installed from their packages, and measured by turns on the same frames with the same "
        "client. Processor time is what the kernel counted for the server's process."
    ),
    LIGHT: (
        "The page in Chromium, which draws by processor (SwiftShader): counts are exact there, times say little of a machine with "
        "graphics, and submitting is most of them. Measured by `tests/browser/light.py`, whose bars `tests/browser/test_budget.py` holds."
    ),
    RECORDINGS: "The office trace, recorded in segments of 30 s; 24 hours are one hour as often as that.",
}
"""The areas of the page, and what is to be said of each."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Figures that are measured together: by which name, in which area, by which function of which file.

    The function returns rows, or the text of a section.
    """

    name: str
    area: str
    where: str

    def measure(self) -> list[Row] | str:
        """Measure now."""
        module, _, name = self.where.partition(":")
        function: Callable[[], list[Row] | str] = getattr(import_module(f"bench.{module}"), name)
        return function()


GROUPS = (
    Group(name="S1", area=SCHEDULER, where="throughput:one_office"),
    Group(name="S2", area=SCHEDULER, where="throughput:many_offices"),
    Group(name="S4", area=SCHEDULER, where="steady:steady"),
    Group(name="S5", area=SCHEDULER, where="latency:idle"),
    Group(name="S6", area=SCHEDULER, where="upload:uploads"),
    Group(name="S7", area=SCHEDULER, where="restart:restarts"),
    Group(name="S8", area=SCHEDULER, where="history:histories"),
    Group(name="S9", area=SCHEDULER, where="fairness:shares"),
    Group(name="S10", area=SCHEDULER, where="fairness:changed_caps"),
    Group(name="peers", area=PEERS, where="peer_queues:peers"),
    Group(name="profile", area=PROFILE, where="profiled:section"),
    Group(name="forecast", area=FORECAST, where="forecast:rows"),
    Group(name="F1", area=FRAMES, where="traffic:rows"),
    Group(name="F2", area=FRAMES, where="fanout:fan_out"),
    Group(name="F3", area=FRAMES, where="traced:rows"),
    Group(name="F4", area=FRAMES, where="fanout:latencies"),
    Group(name="F5", area=FRAMES, where="viewers:stalled"),
    Group(name="F6", area=FRAMES, where="viewers:idle"),
    Group(name="F7", area=FRAMES, where="applied:rows"),
    Group(name="F8", area=FRAMES, where="viewers:many"),
    Group(name="F9", area=FRAMES, where="frames:rows"),
    Group(name="L1", area=LIGHT, where="page:pictures"),
    Group(name="L2", area=LIGHT, where="page:frames"),
    Group(name="L3", area=LIGHT, where="page:rates"),
    Group(name="L4", area=LIGHT, where="page:kept"),
    Group(name="L5", area=LIGHT, where="page:busy"),
    Group(name="R1", area=RECORDINGS, where="recordings:rows"),
    Group(name="R2", area=RECORDINGS, where="sought:rows"),
    Group(name="R3", area=RECORDINGS, where="pictures:rows"),
)
