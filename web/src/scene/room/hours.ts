/** The light of the room through a day: what is known of a few hours, and what lies between them. */
import { Color } from "three";

export interface Hour {
  readonly key: readonly [colour: string, strength: number];
  readonly sky: readonly [above: string, below: string, strength: number];
  readonly fill: readonly [colour: string, strength: number];
  /** Towards which little-lit corners go, and what edges shine in. */
  readonly tint: string;
  readonly rim: string;
  /** Lamps: 0 out, 1 as at night. */
  readonly lamps: number;
  /** The panes as they are seen, and the light that falls through them with its strength. */
  readonly panes: string;
  readonly beam: readonly [colour: string, strength: number];
  /** How far a window's patch on the floor reaches into the room, and how far it is carried to the back, in metres. */
  readonly reach: number;
  readonly slant: number;
  /** The shadow of the whole room, and how much screens shine on faces and desks. */
  readonly ground: readonly [colour: string, strength: number];
  readonly glow: number;
  /** From where the key light comes: 0 as it stands, to the front (negative) or the back (positive), in radians. */
  readonly turn: number;
}

const NIGHT: Hour = {
  key: ["#8fa2ff", 0.75],
  sky: ["#5a64b8", "#402a3e", 1.0],
  fill: ["#ff9a56", 0.5],
  tint: "#1d1638",
  rim: "#7076ad",
  lamps: 1,
  panes: "#2a3570",
  beam: ["#33408c", 0.28],
  reach: 3.2,
  slant: -0.9,
  ground: ["#07061a", 0.75],
  glow: 0.85,
  turn: 0,
};

const DAY: Hour = {
  key: ["#fff0da", 2.05],
  sky: ["#f6f6ff", "#ecc9ae", 2.2],
  fill: ["#ffc9a8", 0.9],
  tint: "#94604c",
  rim: "#ad9582",
  lamps: 0,
  panes: "#fff3d6",
  beam: ["#ffbf73", 0.34],
  reach: 3.2,
  slant: -0.9,
  ground: ["#a85e3a", 0.55],
  glow: 0.22,
  turn: 0,
};

/** The first light: rose and cool, long patches towards the back. */
const DAWN: Hour = {
  key: ["#ffc2a8", 1.35],
  sky: ["#c9cdf6", "#d8a6a4", 1.75],
  fill: ["#ffb59c", 0.75],
  tint: "#7c5268",
  rim: "#b58a92",
  lamps: 0.3,
  panes: "#ffd0bf",
  beam: ["#ff9d84", 0.4],
  reach: 4.8,
  slant: -2.1,
  ground: ["#8c5560", 0.55],
  glow: 0.42,
  turn: 0.34,
};

/** The last sun: gold, low, and far into the room. */
const DUSK: Hour = {
  key: ["#ffb066", 1.7],
  sky: ["#d9c6ee", "#d99a7e", 1.6],
  fill: ["#ff9e74", 0.85],
  tint: "#84463f",
  rim: "#c98f6a",
  lamps: 0.35,
  panes: "#ffb870",
  beam: ["#ff8a3c", 0.5],
  reach: 5.6,
  slant: 0.4,
  ground: ["#8f4a34", 0.6],
  glow: 0.42,
  turn: -0.4,
};

/** After the sun: the sky is still lit, the lamps are on. */
const BLUE: Hour = {
  ...NIGHT,
  key: ["#a79bff", 0.85],
  sky: ["#7f78cf", "#6a3f52", 1.2],
  tint: "#33224c",
  lamps: 0.85,
  panes: "#5a55a8",
  beam: ["#5b4fae", 0.3],
  glow: 0.7,
};

const MORNING: Hour = { ...DAY, key: ["#ffedd8", 2.0], slant: -1.5, reach: 3.7, turn: 0.18 };
const NOON: Hour = { ...DAY, slant: -0.3, reach: 2.7, turn: 0 };
const AFTERNOON: Hour = { ...DAY, key: ["#ffe6c2", 2.0], slant: 0.1, reach: 3.9, turn: -0.2 };

/** By the hour of the day. Until seven and from seven the page around the room is dark, and the room goes with it. */
const TABLE: ReadonlyArray<readonly [at: number, hour: Hour]> = [
  [0, NIGHT],
  [5.2, NIGHT],
  [6.6, { ...BLUE, panes: "#8c86c8", lamps: 0.7 }],
  [7.2, DAWN],
  [8.6, MORNING],
  [10.5, DAY],
  [12.5, NOON],
  [15.5, AFTERNOON],
  [17.9, DUSK],
  [18.9, { ...DUSK, key: ["#ff9a72", 1.15], beam: ["#ff7a4a", 0.34], lamps: 0.6, reach: 6 }],
  [19.3, BLUE],
  [20.6, NIGHT],
  [24, NIGHT],
];

/** What lights are set to: numbers between those of the table. Colours are linear, times nothing. */
export interface Light {
  readonly key: Color;
  readonly above: Color;
  readonly below: Color;
  readonly fill: Color;
  readonly tint: Color;
  readonly rim: Color;
  readonly panes: Color;
  readonly beam: Color;
  readonly ground: Color;
  readonly strength: {
    readonly key: number;
    readonly sky: number;
    readonly fill: number;
    readonly beam: number;
    readonly ground: number;
  };
  readonly lamps: number;
  readonly reach: number;
  readonly slant: number;
  readonly glow: number;
  readonly turn: number;
}

/** The light at an hour of the day, 0 to 24. */
export function lightAt(hour: number): Light {
  const at = ((hour % 24) + 24) % 24;
  const next = TABLE.findIndex(([from]) => from > at);
  const [[from, a], [to, b]] = [TABLE[next - 1] ?? [0, NIGHT], TABLE[next] ?? [24, NIGHT]];
  const share = (at - from) / Math.max(1e-6, to - from);
  const number = (of: (hour: Hour) => number): number => of(a) + (of(b) - of(a)) * share;
  const colour = (of: (hour: Hour) => string): Color => new Color(of(a)).lerp(new Color(of(b)), share);
  return {
    key: colour((h) => h.key[0]),
    above: colour((h) => h.sky[0]),
    below: colour((h) => h.sky[1]),
    fill: colour((h) => h.fill[0]),
    tint: colour((h) => h.tint),
    rim: colour((h) => h.rim),
    panes: colour((h) => h.panes),
    beam: colour((h) => h.beam[0]),
    ground: colour((h) => h.ground[0]),
    strength: {
      key: number((h) => h.key[1]),
      sky: number((h) => h.sky[2]),
      fill: number((h) => h.fill[1]),
      beam: number((h) => h.beam[1]),
      ground: number((h) => h.ground[1]),
    },
    lamps: number((h) => h.lamps),
    reach: number((h) => h.reach),
    slant: number((h) => h.slant),
    glow: number((h) => h.glow),
    turn: number((h) => h.turn),
  };
}
