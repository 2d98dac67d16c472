/**
 * Where plates go: each at its desk if there is room; else words are dropped in a fixed order, then neighbours slide, then
 * only rings are left. No two touch, none covers the wall display or the stairs, none leaves the free rectangle.
 * Pure: the same camera and state give the same places.
 */
import type { Rect } from "../contract.ts";

export type Level = "full" | "name" | "ring" | "hidden";
export interface Point {
  readonly x: number;
  readonly y: number;
}
/** Four corners in order round it. */
export type Quad = readonly [Point, Point, Point, Point];

export interface Plate {
  readonly id: number;
  readonly row: "back" | "front";
  /** Where its middle wants to be. */
  readonly at: Point;
  readonly widths: { readonly full: number; readonly name: number; readonly ring: number };
  readonly heights: { readonly full: number; readonly ring: number };
  /** Failed, waiting or selected: its words stay as long as any do. */
  readonly keep: boolean;
  readonly selected: boolean;
  /** It stands for the stairs, and may be in front of them. */
  readonly upstairs: boolean;
}

export interface Placed {
  readonly id: number;
  readonly level: Level;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Room {
  readonly bounds: Rect;
  readonly display: Quad | undefined;
  readonly stairs: Quad | undefined;
  /** Small screens show rings alone. */
  readonly ringsOnly: boolean;
}

interface Box {
  readonly plate: Plate;
  readonly level: Level;
  readonly width: number;
  readonly height: number;
  x: number;
  y: number;
}

export const GAP = 3;
const ROUNDS = 60;
/** Plates slide along their row rather than over a desk, as long as that is not this many times as far. */
const SIDEWAYS = 3;

const words = (plate: Plate): Level => (plate.upstairs ? "full" : "name");
const STEPS: ReadonlyArray<{ readonly level: (plate: Plate) => Level; readonly slides: boolean }> = [
  { level: () => "full", slides: false },
  { level: (plate) => (plate.keep || plate.row === "front" ? "full" : words(plate)), slides: false },
  { level: (plate) => (plate.keep ? "full" : words(plate)), slides: false },
  { level: (plate) => (plate.keep ? "full" : words(plate)), slides: true },
  { level: (plate) => (plate.selected ? "full" : "ring"), slides: true },
];

/** Places all plates; the first step at which nothing touches wins. */
export function solved(plates: readonly Plate[], room: Room): Placed[] {
  const steps = room.ringsOnly ? [] : STEPS;
  for (const { level, slides } of steps) {
    const boxes = laid(plates, level, room);
    if (slides) pushedApart(boxes, room);
    if (settled(boxes, room)) return boxes.map(placed);
  }
  return rings(plates, room);
}

/** Rings alone; one that finds no room is left out, the least important first. */
function rings(plates: readonly Plate[], room: Room): Placed[] {
  const boxes = laid(plates, () => "ring", room);
  pushedApart(boxes, room);
  const kept: Box[] = [];
  for (const box of [...boxes].sort((a, b) => rank(b.plate) - rank(a.plate) || a.plate.id - b.plate.id)) {
    if (settled([...kept, box], room)) kept.push(box);
  }
  const shown = new Set(kept);
  return boxes.map((box) => placed(shown.has(box) ? box : { ...box, level: "hidden" }));
}

const rank = (plate: Plate): number => (plate.selected ? 3 : plate.keep ? 2 : plate.upstairs ? 1 : 0);
const placed = ({ plate, level, x, y, width, height }: Box): Placed => ({ id: plate.id, level, x, y, width, height });

function laid(plates: readonly Plate[], level: (plate: Plate) => Level, room: Room): Box[] {
  return plates.map((plate) => {
    const chosen = level(plate);
    const width = chosen === "hidden" ? 0 : plate.widths[chosen];
    const height = chosen === "ring" ? plate.heights.ring : plate.heights.full;
    const box: Box = { plate, level: chosen, width, height, x: plate.at.x, y: plate.at.y };
    cleared(box, room);
    return box;
  });
}

/** Into the free rectangle, and down from in front of the display. */
function cleared(box: Box, room: Room): void {
  clamp(box, room.bounds);
  for (const wall of walls(box.plate, room)) {
    for (let lower = 0; lower < 24 && overlapsQuad(box, wall); lower++) box.y += 2;
  }
  clamp(box, room.bounds);
}

function clamp(box: Box, { x, y, width, height }: Rect): void {
  box.x = Math.max(x + box.width / 2, Math.min(x + width - box.width / 2, box.x));
  box.y = Math.max(y + box.height / 2, Math.min(y + height - box.height / 2, box.y));
}

const walls = (plate: Plate, { display, stairs }: Room): Quad[] => [
  ...(display ? [display] : []),
  ...(stairs && !plate.upstairs ? [stairs] : []),
];

function settled(boxes: readonly Box[], room: Room): boolean {
  return boxes.every(
    (box, index) =>
      inside(box, room.bounds) &&
      !walls(box.plate, room).some((wall) => overlapsQuad(box, wall)) &&
      !boxes.slice(index + 1).some((other) => touch(box, other)),
  );
}

function inside(box: Box, bounds: Rect): boolean {
  const [w, h] = [box.width / 2 - 0.01, box.height / 2 - 0.01];
  return box.x - w >= bounds.x && box.x + w <= bounds.x + bounds.width && box.y - h >= bounds.y && box.y + h <= bounds.y + bounds.height;
}

function touch(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 + GAP && Math.abs(a.y - b.y) < (a.height + b.height) / 2 + GAP;
}

/** Moves touching neighbours away from one another, the selected one never. */
function pushedApart(boxes: readonly Box[], room: Room): void {
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    boxes.forEach((a, index) => {
      for (const b of boxes.slice(index + 1)) {
        if (!touch(a, b)) continue;
        part(a, b);
        moved = true;
      }
    });
    if (!moved) return;
    for (const box of boxes) cleared(box, room);
  }
}

function part(a: Box, b: Box): void {
  const x = (a.width + b.width) / 2 + GAP - Math.abs(a.x - b.x);
  const y = (a.height + b.height) / 2 + GAP - Math.abs(a.y - b.y);
  const axis = x < y * SIDEWAYS ? "x" : "y";
  const sign = a[axis] <= b[axis] ? 1 : -1;
  const far = (axis === "x" ? x : y) + 0.5;
  const share = a.plate.selected ? 0 : b.plate.selected ? 1 : 0.5;
  a[axis] -= sign * far * share;
  b[axis] += sign * far * (1 - share);
}

/** Whether a box and a convex quad overlap, by separating axes. */
function overlapsQuad(box: Box, quad: Quad): boolean {
  const [w, h] = [box.width / 2 + GAP, box.height / 2 + GAP];
  const corners: Point[] = [
    { x: box.x - w, y: box.y - h },
    { x: box.x + w, y: box.y - h },
    { x: box.x + w, y: box.y + h },
    { x: box.x - w, y: box.y + h },
  ];
  return overlap(corners, quad);
}

/** Whether two convex outlines overlap. */
export function overlap(a: readonly Point[], b: readonly Point[]): boolean {
  return [...normals(a), ...normals(b)].every((axis) => {
    const [one, two] = [spread(a, axis), spread(b, axis)];
    return one.low < two.high && two.low < one.high;
  });
}

const normals = (outline: readonly Point[]): Point[] =>
  outline.map((from, index) => {
    const to = outline[(index + 1) % outline.length] ?? from;
    return { x: from.y - to.y, y: to.x - from.x };
  });

function spread(outline: readonly Point[], axis: Point): { low: number; high: number } {
  const along = outline.map(({ x, y }) => x * axis.x + y * axis.y);
  return { low: Math.min(...along), high: Math.max(...along) };
}
