/** The shell: slab, walls with their openings, skirting, wainscot and rugs. */
import { chance, pick } from "../chance.ts";
import { ROOM, STAIRS, WINDOWS } from "../layout.ts";
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C, PANELS } from "../palette.ts";
import { box, panel } from "../shapes.ts";

const { x0, x1, z0, z1, height } = ROOM;
const WIDTH = x1 - x0;
const DEPTH = z1 - z0;
const MIDDLE = (x0 + x1) / 2;
/** Occlusion is kept per vertex, so walls are cut into cells of about this size. */
const CELL = 0.2;

const cells = (length: number): number => Math.max(1, Math.round(length / CELL));

export function shell(m: Modeller): void {
  m.add(box(WIDTH + 0.7, 0.5, DEPTH + 0.7, 0.11), C.slab, place(MIDDLE, -0.26, 0), { fade: 0.7 });
  backWall(m);
  windowWall(m);
  trim(m);
  wainscot(m);
  rugs(m);
}

/** One rectangle of the back wall, from `left` to `right` and `low` to `high`: masonry behind, plaster in front. */
function backPiece(m: Modeller, left: number, right: number, low: number, high: number): void {
  const [w, h, x, y] = [right - left, high - low, (left + right) / 2, (low + high) / 2];
  m.add(box(w, h, 0.26), C.wallDeep, place(x, y, z0 - 0.16));
  m.add(panel(w, h, cells(w), cells(h)), C.wall, place(x, y, z0 - 0.02), { small: true });
}

function backWall(m: Modeller): void {
  const [left, right] = [STAIRS.x - STAIRS.width / 2, STAIRS.x + STAIRS.width / 2];
  backPiece(m, x0 - 0.29, left, 0, height);
  backPiece(m, right, x1 + 0.05, 0, height);
  backPiece(m, left, right, STAIRS.height, height);
  m.add(box(WIDTH + 0.36, 0.09, 0.3, 0.04), C.wall, place(MIDDLE - 0.12, height + 0.02, z0 - 0.16));
}

function windowPiece(m: Modeller, back: number, front: number, low: number, high: number): void {
  const [w, h, z, y] = [front - back, high - low, (back + front) / 2, (low + high) / 2];
  m.add(box(0.26, h, w), C.wallDeep, place(x0 - 0.16, y, z));
  m.add(panel(w, h, cells(w), cells(h)), C.wall, place(x0 - 0.02, y, z, { ry: Math.PI / 2 }), { small: true });
}

function windowWall(m: Modeller): void {
  const [back, front] = [z0 - 0.03, z1 + 0.05];
  windowPiece(m, back, front, -0.02, WINDOWS.low);
  windowPiece(m, back, front, WINDOWS.high, height);
  let edge = back;
  for (const z of WINDOWS.zs) {
    windowPiece(m, edge, z - WINDOWS.width / 2, WINDOWS.low, WINDOWS.high);
    edge = z + WINDOWS.width / 2;
  }
  windowPiece(m, edge, front, WINDOWS.low, WINDOWS.high);
  m.add(box(0.3, 0.09, DEPTH + 0.34, 0.04), C.wall, place(x0 - 0.16, height + 0.02, -0.1));
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
