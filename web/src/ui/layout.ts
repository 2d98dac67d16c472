/** Where things stand: pure arithmetic from the size of the window and what is open to the rectangles of panel and office. */
import type { Rect } from "../scene/contract.ts";

export type Width = "wide" | "middle" | "narrow";
/** How much room what is open asks for. */
export type Room = "column" | "sheet" | "hello";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Arrangement {
  readonly width: Width;
  /** The panel's place. */
  readonly panel: Rect;
  /** What the panel and the bar leave over: the office is fitted into it. */
  readonly free: Rect;
  /** The list's place, which stands where the office does. */
  readonly list: Rect;
}

const WIDE = 1200;
const MIDDLE = 720;
const EDGE = 16;
const BAR = 64;
const TABS = 76;
const PHONE_TOP = 66;
const PHONE_OFFICE = 430;
const PHONE_OVERLAP = 48;
const COLUMNS: Readonly<Record<Room, number>> = { column: 352, sheet: 708, hello: 480 };

export function widthOf(width: number): Width {
  if (width >= WIDE) return "wide";
  return width >= MIDDLE ? "middle" : "narrow";
}

/** A list has an edge of its own and keeps clear of the bar; the room has none. */
function lowered(free: Rect): Rect {
  return { ...free, y: free.y + EDGE / 2, height: free.height - EDGE / 2 };
}

function wide({ width, height }: Size, room: Room): Arrangement {
  const column = COLUMNS[room];
  const free = { x: EDGE, y: BAR, width: width - column - 3 * EDGE, height: height - BAR - EDGE };
  const panel = { x: width - column - EDGE, y: EDGE, width: column, height: height - 2 * EDGE };
  return { width: "wide", panel, free, list: lowered(free) };
}

function middle({ width, height }: Size): Arrangement {
  const office = Math.round(height * 0.55);
  const lower = { x: EDGE, y: office, width: width - 2 * EDGE, height: height - office - EDGE };
  const free = { x: EDGE, y: BAR, width: width - 2 * EDGE, height: office - BAR - EDGE / 2 };
  return { width: "middle", panel: lower, free, list: lowered({ ...free, height: office - BAR - EDGE }) };
}

function narrow({ width, height }: Size, room: Room): Arrangement {
  const office = Math.min(PHONE_OFFICE, Math.round(height * 0.51));
  const top = room === "sheet" ? PHONE_TOP : office - PHONE_OVERLAP;
  const panel = { x: 0, y: top, width, height: Math.max(0, height - TABS - top) };
  const free = { x: 0, y: PHONE_TOP - 8, width, height: office - PHONE_OVERLAP - PHONE_TOP + 8 };
  return { width: "narrow", panel, free, list: { x: 0, y: PHONE_TOP, width, height: height - TABS - PHONE_TOP } };
}

const ARRANGE = { wide, middle, narrow } as const;

export function arrange(size: Size, room: Room): Arrangement {
  return ARRANGE[widthOf(size.width)](size, room);
}
