/** The coffee bar under the windows. */
import { cycled } from "../chance.ts";
import { ROOM } from "../layout.ts";
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { ball, box, cylinder, lathe } from "../shapes.ts";

const SMALL = { small: true } as const;

export function kitchen(m: Modeller): void {
  m.within(place(ROOM.x0 + 0.48, 0, 1.55), () => {
    cupboard(m);
    machine(m);
    for (let cup = 0; cup < 4; cup++) {
      const at = place(-0.1 + (cup % 2) * 0.16, 1.02, 0.15 + Math.floor(cup / 2) * 0.17);
      m.add(cylinder(0.055, 0.045, 0.1, 10), cycled([C.white, C.mustard, C.teal, C.pink], cup), at, SMALL);
    }
    fruit(m);
  });
}

function cupboard(m: Modeller): void {
  m.add(box(0.75, 0.9, 1.7, 0.04), C.navy, place(0, 0.45, 0), { fade: 0.8 });
  m.add(box(0.85, 0.07, 1.8, 0.03), C.wood, place(0, 0.93, 0));
  for (const door of [-1, 0, 1]) {
    m.add(box(0.03, 0.7, 0.48, 0.01), C.navyLight, place(0.38, 0.46, door * 0.54), SMALL);
    m.add(ball(0.03, 0.03, 0.03, 6, 4), C.mustard, place(0.41, 0.62, door * 0.54), SMALL);
  }
}

function machine(m: Modeller): void {
  m.add(box(0.42, 0.5, 0.4, 0.06), C.coral, place(-0.05, 1.22, -0.4));
  m.add(box(0.2, 0.12, 0.28, 0.02), C.dark, place(0.12, 1.12, -0.4), SMALL);
  m.add(box(0.3, 0.05, 0.34, 0.02), C.metal, place(0.05, 0.99, -0.4), SMALL);
  m.add(cylinder(0.05, 0.04, 0.09, 10), C.white, place(0.15, 1.05, -0.4), SMALL);
}

function fruit(m: Modeller): void {
  m.add(
    lathe(
      [
        [0.1, 0],
        [0.15, 0.12],
        [0.13, 0.13],
        [0.02, 0.05],
      ],
      12,
    ),
    C.white,
    place(0, 0.97, 0.62),
    SMALL,
  );
  for (const [k, colour] of [C.coral, C.mustard, C.leafLight, C.coral].entries()) {
    m.add(ball(0.06, 0.06, 0.06, 8, 6), colour, place(Math.cos(k * 1.6) * 0.06, 1.08, 0.62 + Math.sin(k * 1.6) * 0.06), SMALL);
  }
}
