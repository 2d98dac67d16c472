"""The joints of a person, as a function of (clip, step): what `make assets` sampled of the page's own movements.

Every clip has a fixed number of steps: so a person in a pose is drawn once and kept. Angles in radians; a limb hangs
along -y, so a negative x raises it forward; left is the person's left.
"""

from dataclasses import dataclass
from functools import cache
from math import pi, sin
from typing import Any

from server.preview.scene import built

TURN = 2 * pi
_FINE = 1000


@dataclass(kw_only=True, slots=True)
class Pose:
    """Where the hips are, how each joint is turned (x, y, z), the face, and what is in the hand (0 or 1)."""

    hips: tuple[float, float, float]
    hip_turn: tuple[float, float]
    torso: tuple[float, float, float]
    head: tuple[float, float, float]
    arm_left: tuple[float, float]
    fore_left: tuple[float, float]
    arm_right: tuple[float, float]
    fore_right: tuple[float, float]
    legs: tuple[float, float, float, float]
    """Left thigh and shin, right thigh and shin."""
    eyes: float
    mouth: float
    brows: float
    held: str
    gaze: tuple[float, float]
    """Where the eyes look: to the left, up; -1 to 1."""
    talk: float
    """0 shut, 1 wide open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clip:
    """A movement: how long it takes, and by what it goes (`loop`, `once` from an event on, `walk`)."""

    seconds: float
    by: str
    poses: tuple[tuple[float, ...], ...]

    @property
    def steps(self) -> int:
        """In how many steps it is drawn."""
        return len(self.poses)


def own(seed: int, salt: int) -> float:
    """A number from 0 to 1 that is this person's own; `salt` gives further ones."""
    mixed = sin(seed * 127.1 + salt * 311.7) * 43758.5453
    return mixed - mixed // 1


@cache
def clips() -> dict[str, Clip]:
    """All that people do, by name."""
    return {
        name: Clip(
            seconds=clip["seconds"],
            by=clip["by"],
            poses=tuple(tuple(value / _FINE for value in pose) for pose in clip["poses"]),
        )
        for name, clip in _sampled()["clips"].items()
    }


@cache
def _sampled() -> dict[str, Any]:
    return built("poses.json")


_BLINK_SECONDS_MIN = 4.0
"""Loops shorter than this have no blink in them: nobody blinks all the time."""


def step_of(clip: str, seconds: float, person: int) -> int:
    """Which step of a clip is drawn after so many seconds; in loops everybody has their own beginning."""
    known = clips()[clip]
    share = seconds / known.seconds
    if known.by == "once":
        return round(max(0.0, min(1.0, share)) * (known.steps - 1))
    begins = own(person, 2) if known.by == "loop" else 0.0
    return int((share + begins) % 1 * known.steps) % known.steps


def pose(clip: str, step: int) -> Pose:
    """The pose at a step of a clip; in the last step of a long loop the eyes are shut."""
    known = clips()[clip]
    j = dict(zip(_sampled()["joints"], known.poses[step], strict=True))
    blinks = known.by == "loop" and known.seconds >= _BLINK_SECONDS_MIN and step == known.steps - 1
    return Pose(
        hips=(j["hipX"], j["hipY"], j["hipZ"]),
        hip_turn=(j["hipRx"], j["hipRy"]),
        torso=(j["torsoRx"], j["torsoRy"], j["torsoRz"]),
        head=(j["headRx"], j["headRy"], j["headRz"]),
        arm_left=(j["armLx"], j["armLz"]),
        fore_left=(j["foreLx"], j["foreLz"]),
        arm_right=(j["armRx"], j["armRz"]),
        fore_right=(j["foreRx"], j["foreRz"]),
        legs=(j["thighL"], j["shinL"], j["thighR"], j["shinR"]),
        eyes=min(j["eyes"], 0.12) if blinks else j["eyes"],
        mouth=j["mouth"],
        brows=j["brows"],
        held=next((name for name in ("mug", "book", "phone") if j[name] > 0), ""),
        gaze=(j["gazeX"], j["gazeY"]),
        talk=j["talk"],
    )
