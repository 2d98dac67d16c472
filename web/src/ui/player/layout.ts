/** Where things stand in a replay: the bar below, a panel beside or between, and the office in what they leave over. */
import type { Rect } from "../../scene/contract.ts";
import { type Arrangement, lowered, type Size, widthOf } from "../layout.ts";

export interface ReplayArrangement extends Arrangement {
  readonly bar: Rect;
}

const EDGE = 16;
const TOP = 64;
const BAR = 164;
const PHONE_TOP = 60;
const PHONE_BAR = 172;
const TABS = 76;
const PHONE_OFFICE = 300;

function wide({ width, height }: Size, column: number): ReplayArrangement {
  const bar = { x: EDGE, y: height - BAR - EDGE, width: width - 2 * EDGE, height: BAR };
  const panel = { x: width - column - EDGE, y: EDGE, width: column, height: bar.y - 2 * EDGE };
  const free = { x: EDGE, y: TOP, width: width - column - 3 * EDGE, height: bar.y - TOP - EDGE / 2 };
  return { width: "wide", bar, panel, free, list: lowered(free) };
}

/** The office above, the panel below it, the bar at the foot. */
function middle({ width, height }: Size): ReplayArrangement {
  const bar = { x: EDGE, y: height - BAR - EDGE, width: width - 2 * EDGE, height: BAR };
  const office = TOP + Math.round((bar.y - TOP) * 0.58);
  const panel = { x: EDGE, y: office, width: width - 2 * EDGE, height: bar.y - office - EDGE };
  const free = { x: EDGE, y: TOP, width: width - 2 * EDGE, height: office - TOP - EDGE / 2 };
  return { width: "middle", bar, panel, free, list: lowered({ ...free, height: free.height - EDGE / 2 }) };
}

function narrow({ width, height }: Size, tall: boolean): ReplayArrangement {
  const bar = { x: 0, y: height - TABS - PHONE_BAR, width, height: PHONE_BAR };
  const office = Math.min(PHONE_OFFICE, Math.round((bar.y - PHONE_TOP) * 0.56));
  const top = tall ? PHONE_TOP : PHONE_TOP + office;
  const panel = { x: 0, y: top, width, height: Math.max(0, bar.y - top) };
  const free = { x: 0, y: PHONE_TOP, width, height: office };
  return { width: "narrow", bar, panel, free, list: { x: 0, y: PHONE_TOP, width, height: bar.y - PHONE_TOP } };
}

/**
 * @param column how wide the panel is where it stands beside the office
 * @param tall a panel that needs the whole of a phone
 */
export function arrangeReplay(size: Size, column: number, tall: boolean): ReplayArrangement {
  const width = widthOf(size.width);
  if (width === "wide") return wide(size, column);
  return width === "middle" ? middle(size) : narrow(size, tall);
}
