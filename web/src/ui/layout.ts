/** Where things stand: pure arithmetic from the size of the window and what is open to the rectangles of panel and office. */
import type { Rect } from "../scene/contract.ts";

export type Width = "wide" | "middle" | "narrow";
/** How much room what is open asks for: a panel of some width, a page with a small office in its corner, a strip beneath the office, or nothing. */
export type Room = "column" | "sheet" | "hello" | "share" | "page" | "strip" | "bare";

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
  /** What is open is a page: it lies on the bare sky, and its heading beside the office. */
  readonly page?: true;
}

const WIDE = 1200;
const MIDDLE = 720;
/** Lower than this, and at least so wide: a phone on its side. */
const LOW = 440;
const LYING = 560;
const LYING_SHARE = 0.42;
const EDGE = 16;
const BAR = 64;
const TABS = 76;
const PHONE_TOP = 66;
const PHONE_OFFICE = 430;
const PHONE_OVERLAP = 48;
const STRIP = 56;
const PAGE = 1216;
const PAGE_OFFICE = 292;
const PAGE_BESIDE = 400;
const HEAD = 44;
const COLUMNS: Readonly<Record<Exclude<Room, "page" | "strip" | "bare">, number>> = { column: 352, sheet: 708, hello: 480, share: 508 };

export function widthOf(width: number): Width {
  if (width >= WIDE) return "wide";
  return width >= MIDDLE ? "middle" : "narrow";
}

/** A list has an edge of its own and keeps clear of the bar; the room has none. */
export function lowered(free: Rect): Rect {
  return { ...free, y: free.y + EDGE / 2, height: free.height - EDGE / 2 };
}

/** The figures lie beneath the office, which has all the rest. */
function above(which: Width, { width, height }: Size): Arrangement {
  const panel = { x: EDGE, y: height - STRIP - EDGE, width: width - 2 * EDGE, height: STRIP };
  const free = { x: EDGE, y: BAR, width: width - 2 * EDGE, height: height - BAR - STRIP - 2 * EDGE };
  return { width: which, panel, free, list: lowered(free) };
}

/** In a frame of another page, and on a wall, there is only the office. */
export function alone(size: Size): Arrangement {
  const free = { x: EDGE / 2, y: EDGE / 2, width: size.width - EDGE, height: size.height - EDGE };
  return { width: widthOf(size.width), panel: { x: 0, y: size.height, width: size.width, height: 0 }, free, list: free };
}

/** A page of its own: the office is small, beside its heading where there is room, else above it. */
function paged(which: Width, { width, height }: Size): Arrangement {
  const office = which === "wide" ? Math.min(PAGE_OFFICE, Math.round(height * 0.3)) : Math.round(height * 0.26);
  const margin = Math.max(EDGE, (width - PAGE) / 2);
  const free =
    which === "wide"
      ? { x: width - margin - PAGE_BESIDE, y: EDGE * 2, width: PAGE_BESIDE, height: office - EDGE * 2 }
      : { x: EDGE, y: BAR, width: width - 2 * EDGE, height: office - EDGE };
  const top = which === "wide" ? office : BAR + office;
  const panel = { x: 0, y: top, width, height: height - top };
  return { width: which, panel, free, list: lowered(free), page: true };
}

/** In a narrow frame there is only the panel, with a line over it that says how fresh it is. */
export function filled(size: Size): Arrangement {
  const panel = { x: 0, y: HEAD, width: size.width, height: Math.max(0, size.height - HEAD) };
  return { width: widthOf(size.width), panel, free: panel, list: panel };
}

function besides({ width, height }: Size, column: number): Arrangement {
  const free = { x: EDGE, y: BAR, width: width - column - 3 * EDGE, height: height - BAR - EDGE };
  const panel = { x: width - column - EDGE, y: EDGE, width: column, height: height - 2 * EDGE };
  return { width: "wide", panel, free, list: lowered(free) };
}

/** On a phone that lies on its side nothing has the height to stand over anything: office and panel stand side by side. */
function lying(size: Size, room: keyof typeof COLUMNS): Arrangement {
  return besides(size, Math.min(COLUMNS[room], Math.round(size.width * LYING_SHARE)));
}

function middle({ width, height }: Size): Arrangement {
  const office = Math.round(height * 0.55);
  const lower = { x: EDGE, y: office, width: width - 2 * EDGE, height: height - office - EDGE };
  const free = { x: EDGE, y: BAR, width: width - 2 * EDGE, height: office - BAR - EDGE / 2 };
  return { width: "middle", panel: lower, free, list: lowered({ ...free, height: office - BAR - EDGE }) };
}

function narrow({ width, height }: Size, room: Room): Arrangement {
  const office = Math.min(PHONE_OFFICE, Math.round(height * 0.51));
  const top = room === "sheet" || room === "share" || room === "page" ? PHONE_TOP : office - PHONE_OVERLAP;
  const panel = { x: 0, y: top, width, height: Math.max(0, height - TABS - top) };
  const free = { x: 0, y: PHONE_TOP - 8, width, height: office - PHONE_OVERLAP - PHONE_TOP + 8 };
  return { width: "narrow", panel, free, list: { x: 0, y: PHONE_TOP, width, height: height - TABS - PHONE_TOP } };
}

export function arrange(size: Size, room: Room): Arrangement {
  const width = widthOf(size.width);
  if (room === "bare") return alone(size);
  if (room !== "strip" && room !== "page" && size.height < LOW && size.width >= LYING) return lying(size, room);
  if (width === "narrow") return narrow(size, room);
  if (room === "strip") return above(width, size);
  if (room === "page") return paged(width, size);
  return width === "wide" ? besides(size, COLUMNS[room]) : middle(size);
}
