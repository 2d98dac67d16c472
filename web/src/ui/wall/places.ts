/** Where things stand on a wall screen: four corners, and the room in what their texts leave over, however it sways. Pure. */
import type { Rect } from "../../scene/contract.ts";
import type { Size } from "../layout.ts";

/** The unit is a pixel of a screen of 1920 by 1080, or of one that stands on its end. */
const LONG = 1920;
const SHORT = 1080;
export const EDGE = 64;
const NAME = { width: 480, height: 104 };
const CLOCK = { width: 320, height: 142 };
const DIGIT = 104;
/** "waiting, 37 running" beneath it. */
const NUMBER_MIN = 300;
const FIGURE = 200;
const UNTIL = { gap: 90, width: 460, height: 146 };
const ROW = 40;
const ROWS = 460;
const GAP = 32;

export interface Content {
  /** Digits of the large number. */
  readonly digits: number;
  /** Rows of batches, the line that counts further ones included. */
  readonly rows: number;
}

export interface Places {
  readonly unit: number;
  readonly tall: boolean;
  /** Where texts stand: nothing of the room does. */
  readonly corners: readonly Rect[];
}

export function placesOn({ width, height }: Size, { digits, rows }: Content): Places {
  const tall = height > width;
  const unit = tall ? Math.min(width / SHORT, height / LONG) : Math.min(width / LONG, height / SHORT);
  const [w, h] = [width / unit, height / unit];
  const bottom = (x: number, wide: number, high: number, lift = 0) => ({ x, y: h - EDGE - lift - high, width: wide, height: high });
  const number = Math.max(digits * DIGIT, NUMBER_MIN);
  const list = rows * ROW;
  // On a screen that stands on its end there is no room beside the number, but over it.
  const corners = [
    { x: EDGE, y: EDGE, ...NAME },
    { x: w - EDGE - CLOCK.width, y: EDGE - 16, ...CLOCK },
    bottom(EDGE, number, FIGURE),
    tall ? bottom(EDGE, UNTIL.width, UNTIL.height, FIGURE + GAP) : bottom(EDGE + number + UNTIL.gap, UNTIL.width, UNTIL.height),
    tall ? bottom(EDGE, ROWS, list, FIGURE + UNTIL.height + 2 * GAP) : bottom(w - EDGE - ROWS, ROWS, list),
  ];
  const scaled = corners.map((box) => ({ x: box.x * unit, y: box.y * unit, width: box.width * unit, height: box.height * unit }));
  return { unit, tall, corners: scaled };
}
