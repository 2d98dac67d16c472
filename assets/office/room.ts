/** The shell: slab, walls with their openings, skirting, wainscot and rugs. */
import { chance, pick } from "../chance.ts";
import { ROOM, STAIRS, WINDOWS } from "../layout.ts";
import { type Affine, place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C, PANELS } from "../palette.ts";
import { box, panel, rim, type Shape, type Triangle, type Vertex } from "../shapes.ts";

const { x0, x1, z0, z1, height } = ROOM;
const WIDTH = x1 - x0;
const DEPTH = z1 - z0;
const MIDDLE = (x0 + x1) / 2;
/** Occlusion is kept per vertex, so walls are cut into cells of about this size. */
const CELL = 0.2;

export function shell(m: Modeller): void {
  m.add(rim(WIDTH + 0.7, 0.51, DEPTH + 0.7, 0.2, 0.5), C.slab, place(MIDDLE, -0.265, 0), { foot: C.slabSide, fade: 0.8 });
  backWall(m);
  windowWall(m);
  trim(m);
  wainscot(m);
  rugs(m);
}

interface Opening {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** Even cuts between `edges`, each cell about CELL wide. */
function cuts(edges: readonly number[]): number[] {
  const sorted = [...edges].sort((a, b) => a - b);
  const stretches = sorted.slice(1).map((to, index) => ({ from: sorted[index] ?? to, to }));
  const inner = stretches.flatMap(({ from, to }) => {
    const count = Math.max(1, Math.round((to - from) / CELL));
    return Array.from({ length: count }, (_, k) => from + ((to - from) * k) / count);
  });
  return [...inner, sorted.at(-1) ?? 0];
}

/** A wall's plaster in x and y facing +z: one grid with openings left out, so that no seam shows. */
function plaster(from: number, to: number, low: number, high: number, openings: readonly Opening[]): Shape {
  const xs = cuts([from, to, ...openings.flatMap((o) => [o.from, o.to])]);
  const ys = cuts([low, high, ...openings.flatMap((o) => [o.low, o.high])]);
  const wide = xs.length;
  const triangles: Triangle[] = [];
  ys.slice(1).forEach((top, row) => {
    xs.slice(1).forEach((right, column) => {
      const [x, y] = [(right + (xs[column] ?? right)) / 2, (top + (ys[row] ?? top)) / 2];
      if (openings.some((o) => x > o.from && x < o.to && y > o.low && y < o.high)) return;
      const corner = row * wide + column;
      triangles.push([corner, corner + 1, corner + wide], [corner + 1, corner + wide + 1, corner + wide]);
    });
  });
  return { vertices: ys.flatMap((y) => xs.map((x): Vertex => ({ at: [x, y, 0], normal: [0, 0, 1] }))), triangles };
}

/** Masonry behind the plaster, in as few boxes as the openings allow. */
function masonry(m: Modeller, from: number, to: number, openings: readonly Opening[], put: (along: number, y: number) => Affine): void {
  const piece = (left: number, right: number, low: number, high: number): void => {
    if (right - left > 0.01 && high - low > 0.01)
      m.add(box(right - left, high - low, 0.22), C.wallDeep, put((left + right) / 2, (low + high) / 2));
  };
  let edge = from;
  for (const { from: left, to: right, low, high } of openings) {
    piece(edge, left, -0.02, height);
    piece(left, right, -0.02, low);
    piece(left, right, high, height);
    edge = right;
  }
  piece(edge, to, -0.02, height);
}

function backWall(m: Modeller): void {
  const stairs = { from: STAIRS.x - STAIRS.width / 2, to: STAIRS.x + STAIRS.width / 2, low: 0, high: STAIRS.height };
  masonry(m, x0 - 0.29, x1 + 0.05, [stairs], (x, y) => place(x, y, z0 - 0.18));
  m.add(plaster(x0 - 0.03, x1 + 0.05, 0, height + 0.03, [stairs]), C.wall, place(0, 0, z0 - 0.02), { small: true });
  m.add(box(WIDTH + 0.34, 0.07, 0.27, 0.03), C.wall, place(MIDDLE - 0.12, height + 0.035, z0 - 0.155));
}

/** Seen from the room the wall runs from its front end to its back end: its x is the room's -z. */
function windowWall(m: Modeller): void {
  const half = WINDOWS.width / 2;
  const along = { low: WINDOWS.low, high: WINDOWS.high };
  const openings = [...WINDOWS.zs].reverse().map((z): Opening => ({ from: -z - half, to: -z + half, ...along }));
  const turn = { ry: Math.PI / 2 };
  masonry(m, -z1 - 0.05, -z0 + 0.03, openings, (x, y) => place(x0 - 0.18, y, -x, turn));
  m.add(plaster(-z1 - 0.05, -z0 + 0.03, 0, height + 0.03, openings), C.wall, place(x0 - 0.02, 0, 0, turn), { small: true });
  m.add(box(0.27, 0.07, DEPTH + 0.34, 0.03), C.wall, place(x0 - 0.155, height + 0.035, (z0 + z1) / 2 - 0.12));
}

function trim(m: Modeller): void {
  const end = STAIRS.x - STAIRS.width / 2 - 0.1;
  m.add(box(end - x0, 0.16, 0.06, 0.02), C.trim, place((x0 + end) / 2, 0.08, z0 + 0.02), { small: true });
  m.add(box(0.06, 0.16, DEPTH, 0.02), C.trim, place(x0 + 0.02, 0.08, 0), { small: true });
  m.add(box(end - x0, 0.06, 0.1, 0.02), C.trim, place((x0 + end) / 2, 1.12, z0 + 0.04), { small: true });
}

function wainscot(m: Modeller): void {
  const random = chance(7);
  const end = STAIRS.x - STAIRS.width / 2 - 0.25;
  for (let x = x0 + 0.17; x < end; x += 0.31) {
    m.add(box(0.29, 0.95, 0.05, 0.015), pick(PANELS, random()), place(x, 0.62, z0 + 0.02), { small: true });
  }
}

function rug(m: Modeller, z: number, colour: string, line: string): void {
  const sheets = [
    [11.9, 2.5, colour, 0.03],
    [11.6, 2.2, line, 0.034],
    [11.48, 2.08, colour, 0.038],
  ] as const;
  for (const [w, d, ink, top] of sheets) {
    m.add(panel(w, d, Math.round(w / 0.34), Math.round(d / 0.26)), ink, place(0.1, top, z, { rx: -Math.PI / 2 }), { small: true });
  }
  m.add(box(11.9, 0.029, 2.5, 0.01), colour, place(0.1, 0.0145, z), { small: true });
}

function rugs(m: Modeller): void {
  rug(m, -2.15, C.rugBack, C.rugBackLine);
  rug(m, 1.65, C.rugFront, C.rugFrontLine);
}
