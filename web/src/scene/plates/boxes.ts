/** Plates as boxes on the page: whether they touch, what they cover, and the shortest way out from before it. Pure. */
import type { Rect } from "../contract.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}
/** Four corners in order round it. */
export type Quad = readonly [Point, Point, Point, Point];

/** A box by its middle and its size. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Movable {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Between two plates, and between a plate and a sign. */
export const GAP = 3;
/** Between a plate and a face. */
const FACE_GAP = 1;
/** How far a plate goes aside, as a share of its width: it is still at its desk then. */
const ASIDE_MAX = 0.42;
/** How far it goes up or down, in pixels: from before a face, from before a sign. */
const [NUDGE_MAX, LOWER_MAX] = [16, 48];
const ROUNDS = 4;
const HALVINGS = 8;

/** What plates keep clear of. */
export interface Obstacles {
  readonly bounds: Rect;
  /** Signs of the room: the wall display, the stairs. */
  readonly walls: readonly Quad[];
  /** Faces, and arms that are thrown up. */
  readonly faces: readonly Block[];
}

export function touch(a: Block, b: Block, gap = GAP): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 + gap && Math.abs(a.y - b.y) < (a.height + b.height) / 2 + gap;
}

export function inside(box: Block, bounds: Rect): boolean {
  const [w, h] = [box.width / 2 - 0.01, box.height / 2 - 0.01];
  return box.x - w >= bounds.x && box.x + w <= bounds.x + bounds.width && box.y - h >= bounds.y && box.y + h <= bounds.y + bounds.height;
}

/** Whether nothing is behind a box that must be seen; `extra` asks for so much more room. */
export function free(box: Block, { bounds, walls, faces }: Obstacles, extra = 0): boolean {
  return (
    inside(box, bounds) &&
    !walls.some((wall) => overlapsQuad(box, wall, GAP + extra)) &&
    !faces.some((face) => touch(box, face, FACE_GAP + extra))
  );
}

/** Moves a box into the rectangle and out from before signs and faces, each time the shortest way. */
export function cleared(box: Movable, { bounds, walls, faces }: Obstacles): void {
  const aside = box.width * ASIDE_MAX;
  for (let round = 0; round < ROUNDS; round++) {
    clamp(box, bounds);
    let moved = false;
    for (const wall of walls) moved = escaped(box, (at) => overlapsQuad(at, wall, GAP), aside, 0, LOWER_MAX) || moved;
    for (const face of faces) moved = escaped(box, (at) => touch(at, face, FACE_GAP), aside, NUDGE_MAX, NUDGE_MAX) || moved;
    if (!moved) return;
  }
  clamp(box, bounds);
}

function clamp(box: Movable, { x, y, width, height }: Rect): void {
  box.x = Math.max(x + box.width / 2, Math.min(x + width - box.width / 2, box.x));
  box.y = Math.max(y + box.height / 2, Math.min(y + height - box.height / 2, box.y));
}

/** Moves a box that is blocked the shortest of the ways that free it; says whether it moved. */
function escaped(box: Movable, blocked: (at: Block) => boolean, aside: number, up: number, down: number): boolean {
  if (!blocked(box)) return false;
  const { x, y, width, height } = box;
  let best: { far: number; x: number; y: number } | undefined;
  for (const [dx, dy, most] of [
    [1, 0, aside],
    [-1, 0, aside],
    [0, 1, down],
    [0, -1, up],
  ] as const) {
    const at = (far: number): Block => ({ x: x + dx * far, y: y + dy * far, width, height });
    if (most === 0 || blocked(at(most))) continue;
    const far = least(most, (step) => !blocked(at(step)));
    if (far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { far, x: x + dx * far, y: y + dy * far };
  }
  if (!best) return false;
  box.x = best.x;
  box.y = best.y;
  return true;
}

/** The least step from 0 to `most` that is good, where all beyond a good one are good, and `most` is. */
function least(most: number, good: (step: number) => boolean): number {
  let [bad, fine] = [0, most];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (bad + fine) / 2;
    if (good(middle)) fine = middle;
    else bad = middle;
  }
  return fine;
}

/** How wide a box may become, up to `most`, without covering anything. */
export function roomFor(box: Block, most: number, obstacles: Obstacles): number {
  const wide = (width: number): Block => ({ ...box, width });
  if (free(wide(most), obstacles)) return most;
  return most - least(most - box.width, (less) => free(wide(most - less), obstacles));
}

/** Whether a box with a margin and a convex quad overlap, by separating axes. */
function overlapsQuad(box: Block, quad: Quad, gap: number): boolean {
  const [w, h] = [box.width / 2 + gap, box.height / 2 + gap];
  if (isBeside(box, w, h, quad)) return false;
  const corners: Point[] = [
    { x: box.x - w, y: box.y - h },
    { x: box.x + w, y: box.y - h },
    { x: box.x + w, y: box.y + h },
    { x: box.x - w, y: box.y + h },
  ];
  return overlap(corners, quad);
}

/** Quickly told: most plates are nowhere near a sign. */
function isBeside({ x, y }: Block, w: number, h: number, quad: Quad): boolean {
  return (
    quad.every((corner) => corner.x <= x - w) ||
    quad.every((corner) => corner.x >= x + w) ||
    quad.every((corner) => corner.y <= y - h) ||
    quad.every((corner) => corner.y >= y + h)
  );
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
