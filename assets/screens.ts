/**
 * What a desk's screen shows of the work, drawn in greys that the batch's hue turns into its own: flat shapes on 256 by 160.
 * The page paints them once into one picture; the painter of previews does the same, from facts.json.
 */
export const SCREEN = { width: 256, height: 160 } as const;

/** A rectangle with round corners, or a polygon; `level` is its grey, 0 to 255. */
export type Mark =
  | { readonly box: readonly [x: number, y: number, width: number, height: number, round: number]; readonly level: number }
  | { readonly poly: readonly number[]; readonly level: number };

export interface Screen {
  readonly ground: number;
  readonly marks: readonly Mark[];
}

const GROUND = 169;
const BAR: Mark = { box: [0, 0, 256, 24, 0], level: 222 };
const white = (x: number, y: number, width: number, height = 11, round = 5): Mark => ({ box: [x, y, width, height, round], level: 255 });
const dark = (x: number, y: number, width: number, height = 9, round = 4): Mark => ({ box: [x, y, width, height, round], level: 118 });

/** Lines that are set in, as code and letters are, with the cursor behind the last. */
const write: Screen = {
  ground: GROUND,
  marks: [BAR, ...[150, 96, 190, 120, 64].map((wide, row) => white(20 + (row % 3) * 18, 38 + row * 23, wide)), white(128, 124, 12, 24, 2)],
};

/** A white page of text, one passage marked. */
const read: Screen = {
  ground: 120,
  marks: [
    { box: [48, 8, 160, 152, 8], level: 250 },
    dark(66, 24, 84, 15),
    { box: [60, 74, 136, 36, 5], level: 200 },
    ...[52, 80, 96, 118, 134].map((y, row) => dark(66, y, row % 2 === 0 ? 124 : 104)),
  ],
};

/** The waves of a voice between two who talk. */
const call: Screen = {
  ground: 132,
  marks: [...[26, 58, 96, 132, 84, 116, 64, 34].map((high, bar): Mark => white(30 + bar * 26, 80 - high / 2, 14, high, 7))],
};

/** Three dots, as where somebody is about to say something. */
const think: Screen = { ground: 132, marks: [52, 108, 164].map((x) => white(x, 60, 40, 40, 20)) };

/** An hourglass. */
const wait: Screen = {
  ground: 132,
  marks: [
    white(76, 14, 104, 16, 6),
    white(76, 130, 104, 16, 6),
    { poly: [88, 34, 168, 34, 136, 80, 168, 126, 88, 126, 120, 80], level: 255 },
    { poly: [98, 40, 158, 40, 146, 56, 110, 56], level: 150 },
  ],
};

const done: Screen = { ground: 132, marks: [{ poly: [58, 82, 78, 62, 112, 94, 180, 26, 200, 46, 112, 134], level: 255 }] };

const failed: Screen = { ground: 132, marks: [white(114, 18, 28, 82, 12), white(113, 114, 30, 30, 15)] };

/** Ten little desks, in two rows of five: nothing to do. */
const rest: Screen = {
  ground: 40,
  marks: [0, 1].flatMap((row) => [0, 1, 2, 3, 4].map((desk): Mark => ({ box: [48 + desk * 34, 52 + row * 34, 24, 24, 6], level: 92 }))),
};

const off: Screen = { ground: 255, marks: [] };

export const SCREENS = { write, read, call, think, wait, done, failed, rest, off } as const;
export type ScreenName = keyof typeof SCREENS;
