"""Role: what somebody does and where."""

from dataclasses import dataclass

CHAIR_FORWARD = 0.04
"""One sits a little closer to the desk than the seat's mark, in metres."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """Somebody at (x, z) in metres who looks along ``heading`` (radians, 0 to the viewer) and does a clip."""

    x: float
    z: float
    heading: float
    clip: str
    seconds: float
    seated: bool
    """At the own desk."""
