/** The table with an in-tray and an out-tray; the paper in them is alive and belongs to the scene. Under the clock, a sideboard. */
import { SIDEBOARD, TRAYS } from "../layout.ts";
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { ball, box, cylinder } from "../shapes.ts";

const MIDDLE = (TRAYS.inX + TRAYS.outX) / 2;
const SMALL = { small: true } as const;

export function trays(m: Modeller): void {
  m.add(box(1.36, 0.06, 0.58, 0.025), C.wood, place(MIDDLE, TRAYS.top - 0.03, TRAYS.z));
  for (const x of [-0.6, 0.6]) {
    for (const z of [-0.22, 0.22]) m.add(box(0.06, 0.56, 0.06, 0.02), C.white, place(MIDDLE + x, 0.28, TRAYS.z + z), { fade: 0.85 });
  }
  m.add(box(1.18, 0.04, 0.44, 0.012), C.woodDark, place(MIDDLE, 0.16, TRAYS.z), SMALL);
  tray(m, TRAYS.inX, C.navyLight);
  tray(m, TRAYS.outX, C.coral);
}

/** Open to the viewer, so that the height of its paper is seen. */
function tray(m: Modeller, x: number, colour: string): void {
  m.within(place(x, TRAYS.top, TRAYS.z), () => {
    m.add(box(0.52, 0.02, 0.42), colour, place(0, 0.01, 0), SMALL);
    m.add(box(0.52, 0.09, 0.02), colour, place(0, 0.05, -0.2), SMALL);
    for (const side of [-1, 1]) m.add(box(0.02, 0.09, 0.42), colour, place(side * 0.25, 0.05, 0), SMALL);
  });
}

export function sideboard(m: Modeller): void {
  const { top, x, z } = SIDEBOARD;
  m.add(box(1.75, 0.62, 0.46, 0.04), C.white, place(x, 0.41, z), { fade: 0.85 });
  m.add(box(1.82, 0.06, 0.52, 0.025), C.wood, place(x, top - 0.03, z));
  for (const side of [-1, 1]) {
    m.add(box(0.8, 0.5, 0.02), C.drawer, place(x + side * 0.42, 0.42, z + 0.235), SMALL);
    m.add(ball(0.03, 0.03, 0.03, 6, 4), C.woodDark, place(x + side * 0.08, 0.46, z + 0.26), SMALL);
    m.add(box(0.06, 0.12, 0.4), C.woodDark, place(x + side * 0.78, 0.06, z), SMALL);
  }
  m.add(box(0.44, 0.26, 0.24, 0.05), C.teal, place(x - 0.42, top + 0.13, z));
  m.add(cylinder(0.075, 0.075, 0.02, 12), C.cream, place(x - 0.5, top + 0.13, z + 0.125, { rx: Math.PI / 2 }), SMALL);
  m.add(box(0.12, 0.03, 0.01), C.mustard, place(x - 0.32, top + 0.18, z + 0.123), SMALL);
  m.add(cylinder(0.1, 0.075, 0.14, 10), C.terracotta, place(x + 0.5, top + 0.07, z), SMALL);
  m.add(ball(0.17, 0.16, 0.16, 10, 7), C.leaf, place(x + 0.5, top + 0.24, z), { fade: 0.7 });
  m.add(ball(0.11, 0.1, 0.11, 8, 6), C.leafLight, place(x + 0.58, top + 0.33, z + 0.04), { fade: 0.7 });
}
