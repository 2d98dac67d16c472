"""The joints of a person, as a pure function of (clip, share of its loop, person): `pose.ts`, put into loops.

Every clip repeats after some seconds, in a fixed number of steps: so a person in a pose is drawn once and kept.
Angles in radians; a limb hangs along -y, so a negative x raises it forward; left is the person's left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin

TURN = 2 * pi
SEATED, STANDING = 0.46, 0.56
"""Height of the hips on a chair, and standing."""


@dataclass(kw_only=True, slots=True)
class Pose:
    """Where the hips are, how each joint is turned (x, y, z), the face, and what is in the hand (0 or 1)."""

    hips: tuple[float, float, float] = (0.0, STANDING, 0.0)
    hip_turn: tuple[float, float] = (0.0, 0.0)
    torso: tuple[float, float, float] = (0.0, 0.0, 0.0)
    head: tuple[float, float, float] = (0.0, 0.0, 0.0)
    arm_left: tuple[float, float] = (0.0, 0.0)
    fore_left: tuple[float, float] = (0.0, 0.0)
    arm_right: tuple[float, float] = (0.0, 0.0)
    fore_right: tuple[float, float] = (0.0, 0.0)
    legs: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Left thigh and shin, right thigh and shin."""
    eyes: float = 1.0
    mouth: float = 0.0
    brows: float = 0.0
    held: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clip:
    """A movement that repeats: how long it takes, in how many steps it is drawn, and the pose at a share of it."""

    seconds: float
    steps: int
    pose: Callable[[float], Pose]


def own(seed: int, salt: int) -> float:
    """A number from 0 to 1 that is this person's own; `salt` gives further ones."""
    mixed = sin(seed * 127.1 + salt * 311.7) * 43758.5453
    return mixed - mixed // 1


_SITTING = (-1.5, 1.45, -1.5, 1.45)


def _arms(pose: Pose, x: float, z: float, fore: float, inward: float = 0.0) -> Pose:
    pose.arm_left, pose.arm_right = (x, z), (x, -z)
    pose.fore_left, pose.fore_right = (fore, -inward), (fore, inward)
    return pose


def _seat(z: float = 0.0, y: float = SEATED) -> Pose:
    return Pose(hips=(0.0, y, z), legs=_SITTING)


def _type(a: float) -> Pose:
    pose, burst = _seat(-0.02), max(0.0, sin(a))
    pose.torso = (0.12 + 0.012 * sin(2 * a), 0.0, 0.02 * sin(a))
    pose.head = (0.02 + 0.04 * sin(2 * a), 0.02 + 0.14 * sin(a), 0.03 * sin(a))
    pose.arm_left = (-0.78 + 0.05 * burst * sin(9 * a), 0.1)
    pose.arm_right = (-0.78 + 0.05 * burst * cos(8 * a), -0.1)
    pose.fore_left = (-0.95 + 0.12 * burst * sin(10 * a), -0.25)
    pose.fore_right = (-0.95 + 0.12 * burst * cos(9 * a), 0.25)
    return pose


def _think(a: float) -> Pose:
    pose = _seat()
    pose.torso, pose.brows = (0.06 + 0.012 * sin(a), 0.0, 0.05), 0.35
    pose.head = (-0.1 + 0.03 * sin(a), 0.3 + 0.16 * sin(a), -0.12)
    pose.arm_left, pose.fore_left = (-0.55, 0.12), (-0.9, -0.4)
    pose.arm_right, pose.fore_right = (-0.95, 0.18), (-1.95 + 0.04 * sin(a), 0.25)
    return pose


def _reading(pose: Pose, a: float) -> Pose:
    pose.head = (0.16 + 0.03 * sin(a), 0.06 * sin(2 * a), 0.0)
    _arms(pose, -0.62, 0.02, -1.2)
    pose.fore_left, pose.fore_right, pose.held = (-1.2, -0.5), (-1.2, 0.35), "book"
    return pose


def _read(a: float) -> Pose:
    pose = _reading(_seat(), a)
    pose.torso = (-0.08 + 0.012 * sin(2 * a), 0.0, 0.0)
    return pose


def _leaf(a: float) -> Pose:
    return _reading(Pose(), a)


def _phone(a: float) -> Pose:
    pose = _arms(_seat(-0.05), -0.35, 0.14, -0.7)
    pose.torso, pose.held = (-0.1, 0.0, 0.0), "phone"
    pose.head = (0.2 + 0.02 * sin(a), 0.12 + 0.05 * sin(a), 0.0)
    pose.arm_right = (-0.55, -0.14)
    pose.fore_right = (-1.45 + 0.03 * sin(4 * a) * max(0.0, sin(a)), 0.3)
    return pose


def _sleep(a: float) -> Pose:
    pose = _arms(_seat(0.04), -1.5, 0.42, -0.6, 0.9)
    pose.torso, pose.eyes = (0.66 + 0.018 * sin(a), 0.0, 0.0), 0.1
    pose.head = (0.02 + 0.018 * sin(a), 0.85, 0.5)
    return pose


def _drinking(pose: Pose, a: float) -> Pose:
    """The mug in the right hand goes to the mouth now and then."""
    lift = max(0.0, sin(a)) ** 2
    pose.head = (-0.04 - 0.1 * lift, 0.24 * sin(a) * (1 - lift), 0.0)
    pose.arm_left, pose.fore_left = (-0.25, 0.18), (-0.5, 0.0)
    pose.arm_right = (-0.7 - 0.42 * lift, -0.1 + 0.2 * lift)
    pose.fore_right = (-1.15 - 0.75 * lift, 0.25 + 0.3 * lift)
    pose.held = "mug"
    return pose


def _coffee(a: float) -> Pose:
    pose = _drinking(_seat(-0.08), a)
    pose.torso = (-0.14 + 0.015 * sin(2 * a), 0.0, 0.03 * sin(a))
    pose.legs = (-1.5, 1.45, -1.36, 1.2)
    return pose


def _sip(a: float) -> Pose:
    pose = _drinking(Pose(hips=(0.01 * sin(a), STANDING, 0.0)), a)
    pose.torso = (0.0, 0.0, 0.02 * sin(a))
    return pose


def _stretch(a: float) -> Pose:
    pull = 0.5 + 0.5 * sin(a)
    pose = _arms(_seat(-0.06), -2.75 - 0.1 * pull, 0.22, -0.5 + 0.2 * pull)
    pose.torso = (-0.18 - 0.06 * pull, 0.0, 0.05 * sin(a))
    pose.head = (-0.16 - 0.08 * pull, 0.12, 0.0)
    pose.eyes = 1 - 0.85 * max(0.0, pull - 0.55) * 2.2
    return pose


def _walk(a: float) -> Pose:
    swing, other = sin(a), cos(a)
    return Pose(
        hips=(0.015 * swing, STANDING - 0.012 + 0.028 * abs(other), 0.0),
        hip_turn=(0.04, 0.09 * swing),
        torso=(0.05, -0.16 * swing, 0.035 * swing),
        head=(0.0, 0.07 * swing, 0.0),
        arm_left=(0.62 * swing, 0.1),
        arm_right=(-0.62 * swing, -0.1),
        fore_left=(-0.4 - 0.16 * max(0.0, -swing), 0.0),
        fore_right=(-0.4 - 0.16 * max(0.0, swing), 0.0),
        legs=(-0.6 * swing, 0.12 + 0.62 * max(0.0, other), 0.6 * swing, 0.12 + 0.62 * max(0.0, -other)),
    )


def _cheer(a: float) -> Pose:
    beat, jump = 2 * a, abs(sin(2 * a))
    pose = Pose(hips=(0.0, STANDING + 0.2 * jump, 0.0), hip_turn=(0.0, 0.18 * sin(a)))
    pose.torso, pose.head = (-0.08, 0.0, 0.06 * sin(beat)), (-0.16, 0.0, 0.08 * sin(beat))
    _arms(pose, -2.72, 0.4, -0.28)
    pose.arm_left = (-2.72 + 0.24 * sin(beat * 2), 0.4)
    pose.arm_right = (-2.72 - 0.24 * sin(beat * 2), -0.4)
    pose.legs = (-0.32 * jump, 0.58 * jump, -0.14 * jump, 0.4 * jump)
    return pose


def _slump(a: float) -> Pose:
    pose = _arms(_seat(), -1.2, 0.16, -0.35)
    pose.hip_turn = (0.0, 0.16)
    pose.torso = (0.36 + 0.015 * sin(a), 0.0, 0.1)
    pose.head = (-0.2 + 0.03 * sin(a), 0.3 + 0.06 * sin(a), -0.32)
    pose.fore_left = (-0.35, -0.8)
    pose.arm_right, pose.fore_right = (-1.05, 0.14), (-2.0, 0.2)
    pose.mouth = pose.brows = 1.0
    pose.eyes = 0.72
    return pose


def _stand(a: float) -> Pose:
    pose = Pose(hips=(0.012 * sin(2 * a), STANDING, 0.0), hip_turn=(0.0, 0.06 * sin(a)))
    pose.torso = (0.02 * sin(2 * a), 0.0, 0.02 * sin(2 * a))
    pose.head = (-0.04 + 0.04 * sin(a), 0.26 * sin(a), 0.0)
    return _arms(pose, 0.16, 0.06, -0.5, 0.5)


def _sit(a: float) -> Pose:
    pose = _arms(_seat(-0.08, 0.4), -0.35, 0.16, -0.55)
    pose.torso, pose.head = (-0.14 + 0.014 * sin(2 * a), 0.0, 0.0), (-0.02, 0.25 * sin(a), 0.0)
    pose.legs = (-1.42, 1.3, -1.5, 1.45)
    return pose


def _lounge(a: float) -> Pose:
    pose = _arms(Pose(hips=(0.0, 0.3, 0.0), hip_turn=(-0.42, 0.0)), -0.5, 0.3, -0.85, 0.7)
    pose.torso, pose.head = (-0.02 + 0.016 * sin(2 * a), 0.0, 0.0), (0.16, 0.2 * sin(a), 0.0)
    pose.legs = (-1.0, 0.9, -1.16, 1.2)
    return pose


def _crouch(a: float) -> Pose:
    pose = _arms(Pose(hips=(0.0, 0.27, 0.0), hip_turn=(0.3, 0.0)), -0.5, 0.12, -0.7)
    pose.torso, pose.head = (0.24, 0.0, 0.0), (-0.1, 0.1 * sin(a), 0.0)
    pose.legs = (-1.9, 2.1, -1.3, 1.7)
    pose.arm_right, pose.fore_right = (-1.0 + 0.14 * sin(a), -0.12), (-0.5 - 0.12 * sin(a), 0.0)
    return pose


def _clip(seconds: float, steps: int, pose: Callable[[float], Pose]) -> Clip:
    return Clip(seconds=seconds, steps=steps, pose=pose)


CLIPS = {
    "type": _clip(5.6, 24, _type),
    "think": _clip(7.0, 14, _think),
    "read": _clip(9.0, 14, _read),
    "leaf": _clip(9.0, 14, _leaf),
    "phone": _clip(8.0, 16, _phone),
    "sleep": _clip(4.8, 10, _sleep),
    "coffee": _clip(10.5, 20, _coffee),
    "sip": _clip(10.5, 20, _sip),
    "stretch": _clip(7.0, 18, _stretch),
    "walk": _clip(TURN, 16, _walk),
    "cheer": _clip(1.96, 20, _cheer),
    "slump": _clip(5.7, 12, _slump),
    "stand": _clip(12.0, 18, _stand),
    "sit": _clip(12.0, 20, _sit),
    "lounge": _clip(12.0, 20, _lounge),
    "crouch": _clip(2.9, 16, _crouch),
}
"""All that people do, by name."""

_BLINK_SECONDS_MIN = 4.0
"""Loops shorter than this have no blink in them: nobody blinks all the time."""


def step_of(clip: str, seconds: float, person: int) -> int:
    """Which step of a clip's loop is drawn after so many seconds; everybody has their own beginning."""
    loop = CLIPS[clip]
    share = seconds / loop.seconds
    return int((share if clip == "walk" else share + own(person, 2)) % 1 * loop.steps) % loop.steps


def pose(clip: str, step: int) -> Pose:
    """The pose at a step of a clip's loop; in the last step of a long one the eyes are shut."""
    loop = CLIPS[clip]
    made = loop.pose(TURN * step / loop.steps)
    if loop.seconds >= _BLINK_SECONDS_MIN and step == loop.steps - 1:
        made.eyes = min(made.eyes, 0.12)
    return made
