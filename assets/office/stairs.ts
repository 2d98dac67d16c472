/** The way upstairs: a lit stairwell behind the back wall, its frame, a mat, and the sign over it. */
import { ROOM, STAIRS } from "../layout.ts";
import { type Affine, place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { box, capsule, panel, ring } from "../shapes.ts";

const { x, width, height, depth, steps } = STAIRS;
const FRONT = ROOM.z0 - 0.29;
const BACK = FRONT - depth;

export function stairs(m: Modeller): void {
  well(m);
  flight(m);
  frame(m);
  m.add(box(1.5, 0.03, 0.8, 0.012), C.mat, place(x, 0.03, ROOM.z0 + 0.62), { small: true });
  m.add(box(1.06, 0.46, 0.1, 0.04), C.dark, place(x, STAIRS.sign, ROOM.z0 + 0.07));
}

function well(m: Modeller): void {
  const middle = (FRONT + BACK) / 2;
  for (const side of [-1, 1]) {
    // A little inside the wall's own cut, so that the two never fight for the same pixels.
    const at = place(x + side * (width / 2 - 0.012), height / 2, middle + 0.15, { ry: (-side * Math.PI) / 2 });
    m.add(panel(depth + 0.3, height, 6, 10), C.rugFrontLine, at, { small: true });
    // As deep as the wall behind, which ends between the two: a joint that showed would be a line of dark points.
    m.add(box(0.06, height, depth + 0.06), C.wallDeep, place(x + side * (width / 2 + 0.035), height / 2, middle - 0.03));
  }
  m.add(box(width + 0.01, height, 0.06), C.wallDeep, place(x, height / 2, BACK - 0.03));
  m.add(box(width + 0.13, 0.06, depth), C.wallDeep, place(x, height + 0.03, middle), { small: true });
}

function flight(m: Modeller): void {
  const [tread, rise] = [depth / steps, 1.4 / steps];
  for (let step = 0; step < steps; step++) {
    const z = FRONT - tread * (step + 0.5);
    const top = rise * (step + 1);
    m.add(box(width - 0.04, top, tread), C.white, place(x, top / 2, z), { small: true });
    m.add(box(width - 0.04, 0.045, tread + 0.05), C.wood, place(x, top, z + 0.02), { small: true });
    m.add(box(width * 0.5, 0.012, tread + 0.07), C.coral, place(x, top + 0.026, z + 0.02), { small: true });
  }
}

function frame(m: Modeller): void {
  for (const side of [-1, 1]) {
    const sx = x + side * (width / 2 + 0.05);
    m.add(box(0.14, height + 0.06, 0.14, 0.03), C.trim, place(sx, height / 2 + 0.03, ROOM.z0 + 0.02));
    rail(m, x + side * (width / 2 - 0.09));
  }
  m.add(box(width + 0.24, 0.14, 0.14, 0.03), C.trim, place(x, height + 0.06, ROOM.z0 + 0.02));
}

function rail(m: Modeller, at: number): void {
  const slope = Math.atan2(1.4, depth);
  m.add(capsule(0.03, 1.5, 6, 2), C.woodDark, place(at, 1.35, (FRONT + BACK) / 2, { rx: Math.PI / 2 + slope - Math.PI }), { small: true });
  for (const part of [0.12, 0.5]) {
    const z = FRONT - depth * part;
    m.add(box(0.03, 0.7, 0.03), C.trim, place(at, 0.35 + 1.4 * part + 0.15, z), { small: true });
  }
}

/** The warm light that falls down from upstairs when somebody works there. */
export function upstairsGlow(m: Modeller): void {
  m.add(panel(width, height - 1.35), C.stairLight, place(x, (height + 1.35) / 2, BACK + 0.01), { small: true });
}

/** The neon figures "10+", as tubes of glass. */
export function neon(m: Modeller): void {
  const tube = (length: number, at: Affine): void => m.add(capsule(0.022, length, 6, 2), "#ffffff", at, { small: true });
  m.within(place(x, STAIRS.sign, ROOM.z0 + 0.145), () => {
    tube(0.22, place(-0.3, 0, 0));
    tube(0.07, place(-0.335, 0.09, 0, { rz: -0.9 }));
    m.add(ring(0.085, 0.022, 14, 6), "#ffffff", place(-0.06, 0, 0, { scale: [1, 1.45, 1] }), { small: true });
    tube(0.17, place(0.26, 0, 0));
    tube(0.17, place(0.26, 0, 0, { rz: Math.PI / 2 }));
  });
}
