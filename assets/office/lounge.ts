/** Where people rest: the round rug with beanbags and a table, the couch by the stairs, and the cat. */
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { ball, box, cylinder, lathe, ring } from "../shapes.ts";

const SMALL = { small: true } as const;

export function lounge(m: Modeller): void {
  roundRug(m);
  table(m);
  beanbag(m, -1.25, 3.25, C.mustard);
  beanbag(m, 0.45, 3.2, C.lilac);
  couch(m);
  cat(m);
}

function roundRug(m: Modeller): void {
  const discs = [
    [1.25, 0.032, C.rugFrontLine],
    [1.1, 0.036, C.teal],
    [0.95, 0.04, C.tealLight],
  ] as const;
  for (const [radius, top, colour] of discs) m.add(cylinder(radius, radius, top, 36), colour, place(-0.4, top / 2, 3.15), SMALL);
}

function table(m: Modeller): void {
  m.add(cylinder(0.36, 0.36, 0.05, 22), C.wood, place(-0.4, 0.36, 3.2));
  m.add(cylinder(0.04, 0.16, 0.34, 10), C.white, place(-0.4, 0.18, 3.2));
  m.add(box(0.22, 0.02, 0.16), C.coral, place(-0.46, 0.395, 3.2, { ry: 0.5 }), SMALL);
  m.add(cylinder(0.045, 0.038, 0.09, 10), C.white, place(-0.25, 0.43, 3.1), SMALL);
}

function beanbag(m: Modeller, x: number, z: number, colour: string): void {
  const profile = [
    [0.32, 0],
    [0.4, 0.1],
    [0.38, 0.26],
    [0.28, 0.4],
    [0.14, 0.46],
    [0, 0.47],
  ] as const;
  m.add(lathe(profile, 16), colour, place(x, 0.02, z, { rz: x < 0 ? 0.12 : -0.12 }), { fade: 0.75 });
}

function couch(m: Modeller): void {
  m.within(place(6.7, 0, -2.3, { ry: -Math.PI / 2 }), () => {
    m.add(box(1.9, 0.18, 0.6, 0.07), C.mustard, place(0, 0.42, 0.02));
    m.add(box(1.9, 0.54, 0.16, 0.07), C.mustard, place(0, 0.68, -0.26));
    for (const side of [-1, 1]) {
      m.add(box(0.14, 0.32, 0.6, 0.06), C.mustard, place(side * 0.95, 0.55, 0));
      m.add(box(0.07, 0.36, 0.45), C.woodDark, place(side * 0.8, 0.18, 0));
    }
    m.add(box(0.42, 0.38, 0.14, 0.07), C.coral, place(-0.66, 0.67, -0.12, { rx: -0.2, rz: 0.1 }));
    m.add(box(0.36, 0.34, 0.13, 0.06), C.teal, place(0.7, 0.65, -0.12, { rx: -0.25, rz: -0.12 }));
  });
}

function cat(m: Modeller): void {
  m.within(place(1.75, 0.0, 3.25, { ry: 0.6 }), () => {
    m.add(ball(0.25, 0.125, 0.18, 12, 8), C.cat, place(0, 0.115, 0), { fade: 0.75 });
    m.add(ball(0.115, 0.11, 0.115, 10, 7), C.cat, place(0.2, 0.15, 0.1));
    for (const side of [-1, 1]) {
      m.add(cylinder(0, 0.04, 0.08, 5), C.cat, place(0.2 + side * 0.06, 0.26, 0.1), SMALL);
      m.add(ball(0.012, 0.004, 0.008, 5, 3), C.ink, place(0.2 + side * 0.045, 0.165, 0.21), SMALL);
      m.add(box(0.025, 0.02, 0.13, 0.008), C.catDark, place(-0.03 + side * 0.07, 0.229, 0, { rz: -side * 0.14 }), SMALL);
    }
    m.add(ball(0.014, 0.01, 0.01, 5, 4), C.pink, place(0.2, 0.14, 0.215), SMALL);
    m.add(ring(0.2, 0.035, 12, 6, 2.4), C.catDark, place(0.02, 0.06, 0.02, { rx: Math.PI / 2, rz: -0.3 }), SMALL);
  });
}
