/** The rectangle that the room is fitted into on a wall: the largest in which its outline meets no corner's text. Pure. */
import type { Rect } from "../../scene/contract.ts";
import { AZIMUTH, framed, OUTLINE, projected } from "../../scene/view/fit.ts";
import type { Size } from "../layout.ts";

type Point = readonly [x: number, y: number];

export const SWAY_MAX = (10 * Math.PI) / 180;
/** Turns at which the outline is looked at: between them it moves by less than the space that is kept. */
const TURNS = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].map((share) => share * SWAY_MAX);
const KEPT_PX = 12;
/** A wider picture of the room has nothing more of it. */
const ASPECT_MAX = 1.5;
const SHIFTS = [0, -0.02, 0.02, -0.04, 0.04, -0.06, 0.06, -0.08, 0.08, -0.1, 0.1, -0.13, 0.13];
const SCALES = Array.from({ length: 34 }, (_, index) => 0.98 - index * 0.02);

function turned([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** The corners of the convex hull, in order (Andrew's monotone chain). */
export function hull(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (given: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of given) {
      while (chain.length > 1 && turned(chain.at(-2) ?? point, chain.at(-1) ?? point, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** Whether a convex outline and a box share anything: unless some edge of either has all of the other beyond it. */
export function meets(outline: readonly Point[], { x, y, width, height }: Rect): boolean {
  const [xs, ys] = [outline.map(([px]) => px), outline.map(([, py]) => py)];
  if (Math.max(...xs) <= x || Math.min(...xs) >= x + width || Math.max(...ys) <= y || Math.min(...ys) >= y + height) return false;
  const box: readonly Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  return !outline.some((from, index) => {
    const to = outline[(index + 1) % outline.length] ?? from;
    return box.every((corner) => turned(from, to, corner) < 0);
  });
}

/** The outlines of the room in a picture of this aspect, from -1 to 1 both ways, y downwards: one for each turn. */
function outlines(aspect: number): ReadonlyArray<readonly Point[]> {
  return TURNS.map((turn) => {
    const framing = framed(aspect, AZIMUTH + turn);
    // Turned over, for a page's y goes down: a hull stays one however it is stretched, but not its direction when it is mirrored.
    return hull(
      OUTLINE.map((point) => {
        const [x, y] = projected(point, framing, aspect, AZIMUTH + turn);
        return [x, -y];
      }),
    );
  });
}

function within({ x, y, width, height }: Rect, outline: readonly Point[]): readonly Point[] {
  return outline.map(([px, py]) => [x + ((px + 1) / 2) * width, y + ((py + 1) / 2) * height]);
}

function wider({ x, y, width, height }: Rect): Rect {
  return { x: x - KEPT_PX, y: y - KEPT_PX, width: width + 2 * KEPT_PX, height: height + 2 * KEPT_PX };
}

/** @param corners where texts stand; where even a small room would meet one, a small room it is */
export function freeOf({ width, height }: Size, corners: readonly Rect[]): Rect {
  const aspect = Math.min(width / Math.max(1, height), ASPECT_MAX);
  const shapes = outlines(aspect);
  const kept = corners.map(wider);
  const tall = Math.min(height, width / aspect);
  let last: Rect = { x: 0, y: 0, width, height };
  for (const scale of SCALES) {
    for (const down of SHIFTS) {
      for (const along of SHIFTS) {
        const [w, h] = [tall * aspect * scale, tall * scale];
        last = { x: (width - w) / 2 + along * width, y: (height - h) / 2 + down * height, width: w, height: h };
        const inside = last.x >= 0 && last.y >= 0 && last.x + w <= width && last.y + h <= height;
        if (inside && !shapes.some((shape) => kept.some((box) => meets(within(last, shape), box)))) return last;
      }
    }
  }
  return last;
}
