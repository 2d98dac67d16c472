/** One desk with its chair, monitor and clutter; ten stand in two rows, no two quite alike. */
import { chance, cycled, pick } from "../chance.ts";
import { DESK, DESKS, hasLamp, MONITOR, SEAT_TO_DESK } from "../layout.ts";
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { ball, box, cylinder, panel, ring } from "../shapes.ts";

const SMALL = { small: true } as const;
const CHAIRS = [C.teal, C.coral, C.mustard, C.sage, C.lilac] as const;
const MUGS = [C.coral, C.teal, C.mustard, C.lilac, C.white] as const;

export function desks(m: Modeller): void {
  DESKS.forEach(({ x, z }, desk) => {
    const random = chance(100 + desk);
    const mug = pick(MUGS, random());
    m.within(place(x, 0, z), () => {
      table(m);
      monitor(m, desk % 3 === 0 ? C.dark : "#f7f1e8");
      keyboard(m);
      m.add(cylinder(0.05, 0.042, 0.11, 10), mug, place(0.5, 0.83, 0.1), SMALL);
      m.add(ring(0.035, 0.011, 8, 5), mug, place(0.555, 0.83, 0.1), SMALL);
      clutter(m, desk, random);
      if (hasLamp(desk)) deskLamp(m, mug);
      m.within(place(0, 0, -SEAT_TO_DESK, { scale: 1.12 }), () => chair(m, cycled(CHAIRS, desk)));
    });
  });
}

function table(m: Modeller): void {
  m.add(box(DESK.width, 0.07, DESK.depth, 0.03), C.wood, place(0, 0.74, 0));
  m.add(panel(DESK.width - 0.09, DESK.depth - 0.08, 14, 7), C.woodTop, place(0, DESK.top, 0, { rx: -Math.PI / 2 }), SMALL);
  for (const x of [-0.78, 0.78]) {
    for (const z of [-0.33, 0.33]) m.add(box(0.07, 0.72, 0.07, 0.02), C.white, place(x, 0.36, z), { fade: 0.85 });
  }
  m.add(box(1.5, 0.3, 0.04), C.cream, place(0, 0.55, 0.36));
  m.add(box(0.42, 0.5, 0.62, 0.03), C.white, place(0.52, 0.45, -0.02));
  for (const drawer of [0, 1]) m.add(box(0.36, 0.2, 0.02), C.drawer, place(0.52, 0.58 - drawer * 0.24, -0.335), SMALL);
}

/** The case; the picture on its screen is alive and belongs to the scene. */
function monitor(m: Modeller, colour: string): void {
  const { x, z, y, turn, tilt, width, height } = MONITOR;
  m.within(place(x, 0, z, { ry: -turn }), () => {
    m.add(box(0.34, 0.025, 0.22, 0.01), C.metal, place(0, 0.79, 0.03), SMALL);
    m.add(box(0.06, 0.3, 0.04), C.metal, place(0, 0.92, 0.06, { rx: 0.12 }), SMALL);
    m.add(box(width + 0.04, height + 0.05, 0.05, 0.02), colour, place(0, y, 0.03, { rx: tilt }));
  });
}

function keyboard(m: Modeller): void {
  m.add(box(0.46, 0.025, 0.16, 0.01), C.white, place(-0.02, 0.79, -0.24), SMALL);
  for (let row = 0; row < 3; row++) m.add(box(0.4, 0.012, 0.032), C.keys, place(-0.02, 0.806, -0.285 + row * 0.045), SMALL);
  m.add(box(0.07, 0.03, 0.11, 0.014), C.white, place(0.33, 0.792, -0.24), SMALL);
}

function clutter(m: Modeller, desk: number, random: () => number): void {
  if (desk % 3 === 0) succulent(m);
  if (desk % 3 === 1) books(m, random);
  if (desk % 3 === 2) pens(m);
}

function succulent(m: Modeller): void {
  m.add(cylinder(0.07, 0.055, 0.11, 10), C.terracotta, place(0.7, 0.83, 0.25), SMALL);
  for (let leaf = 0; leaf < 5; leaf++) {
    const around = leaf * 1.3;
    const at = place(0.7 + Math.cos(around) * 0.06, 0.95, 0.25 + Math.sin(around) * 0.06, { rx: -0.7, ry: Math.PI / 2 - around });
    m.add(ball(0.04, 0.02, 0.096, 6, 4), leaf % 2 === 0 ? C.leaf : C.leafLight, at, SMALL);
  }
}

function books(m: Modeller, random: () => number): void {
  for (const [k, colour] of [C.navy, C.coral, C.mustard, C.sage].entries()) {
    m.add(box(0.26 - 0.02 * k, 0.035, 0.2), colour, place(0.66, 0.795 + k * 0.036, 0.24, { ry: random() * 0.5 - 0.25 }), SMALL);
  }
}

function pens(m: Modeller): void {
  m.add(cylinder(0.05, 0.05, 0.13, 8), C.dark, place(0.68, 0.84, 0.25), SMALL);
  for (const [k, colour] of [C.mustard, C.coral, C.teal].entries()) {
    m.add(
      cylinder(0.008, 0.008, 0.16, 4),
      colour,
      place(0.68 + 0.02 * (k - 1), 0.93, 0.25, { rx: 0.1 * (k - 1), rz: 0.12 * (k - 1) }),
      SMALL,
    );
  }
  m.add(box(0.2, 0.012, 0.26), C.white, place(0.5, 0.785, -0.18, { ry: 0.2 }), SMALL);
}

function deskLamp(m: Modeller, colour: string): void {
  m.add(cylinder(0.08, 0.09, 0.03, 12), colour, place(0.76, 0.79, -0.2), SMALL);
  m.add(cylinder(0.012, 0.012, 0.36, 5), C.metal, place(0.72, 0.96, -0.2, { rz: 0.25 }), SMALL);
  m.add(cylinder(0.012, 0.012, 0.26, 5), C.metal, place(0.68, 1.22, -0.05, { rx: 0.9, rz: 0.5 }), SMALL);
}

function chair(m: Modeller, colour: string): void {
  for (let foot = 0; foot < 5; foot++) {
    const around = foot * 1.2566;
    const [dx, dz] = [Math.sin(around), Math.cos(around)];
    m.add(box(0.05, 0.04, 0.3), C.dark, place(dx * 0.14, 0.07, dz * 0.14, { ry: around }), SMALL);
    m.add(box(0.06, 0.07, 0.06, 0.02), C.dark, place(dx * 0.28, 0.035, dz * 0.28, { ry: around }), SMALL);
  }
  m.add(cylinder(0.035, 0.035, 0.34, 6), C.metal, place(0, 0.25, 0), SMALL);
  m.add(box(0.54, 0.1, 0.52, 0.05), colour, place(0, 0.44, 0));
  m.add(box(0.5, 0.62, 0.09, 0.045), colour, place(0, 0.86, -0.27, { rx: -0.1 }), { fade: 0.85 });
  m.add(box(0.07, 0.34, 0.05), C.dark, place(0, 0.58, -0.31), SMALL);
}
