"""The colours of plates and signs: those of `tokens.css`, by day and by night."""

from dataclasses import dataclass

from server.preview.scene import facts


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """Colours as `#rrggbb`."""

    glass: str
    faint: str
    """The glass of a plate whose worker rests."""
    sunk: str
    line: str
    ink: str
    quiet: str
    teal: str
    gold: str
    honey: str
    red: str
    coral: str
    coral_ink: str
    coral_soft: str
    shadow: tuple[int, int, int, int]
    hues: tuple[str, ...]


DAY = Tokens(
    glass="#fffaf2",
    faint="#fdf4e8",
    sunk="#f6ecde",
    line="#ead9c4",
    ink="#38292f",
    quiet="#66514f",
    teal="#1d6f66",
    gold="#eeb24a",
    honey="#7d4f06",
    red="#b3361f",
    coral="#ef7d64",
    coral_ink="#a03c25",
    coral_soft="#fde3d8",
    shadow=(92, 46, 30, 60),
    hues=tuple(facts()["huesDay"]),
)
NIGHT = Tokens(
    glass="#2a284f",
    faint="#2d2b52",
    sunk="#211f42",
    line="#45427a",
    ink="#fdf1e2",
    quiet="#cbc2e0",
    teal="#7fdcc6",
    gold="#ffcf7d",
    honey="#ffd591",
    red="#ffa090",
    coral="#ff9a80",
    coral_ink="#ffb09b",
    coral_soft="#523350",
    shadow=(5, 4, 20, 120),
    hues=tuple(facts()["huesNight"]),
)


def tokens(*, night: bool) -> Tokens:
    """The colours of an hour."""
    return NIGHT if night else DAY


def mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour in the other, channel by channel."""
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)
