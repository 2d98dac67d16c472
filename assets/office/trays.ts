/** The sideboard under the clock with an in-tray and an out-tray; the paper in them is alive and belongs to the scene. */
import { TRAYS } from "../layout.ts";
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { ball, box } from "../shapes.ts";

const MIDDLE = (TRAYS.inX + TRAYS.outX) / 2;
const SMALL = { small: true } as const;

export function trays(m: Modeller): void {
  m.add(box(1.75, 0.62, 0.46, 0.04), C.white, place(MIDDLE, 0.41, TRAYS.z), { fade: 0.85 });
  m.add(box(1.82, 0.06, 0.52, 0.025), C.wood, place(MIDDLE, TRAYS.top - 0.03, TRAYS.z));
  for (const side of [-1, 1]) {
    m.add(box(0.8, 0.5, 0.02), C.drawer, place(MIDDLE + side * 0.42, 0.42, TRAYS.z + 0.235), SMALL);
    m.add(ball(0.03, 0.03, 0.03, 6, 4), C.woodDark, place(MIDDLE + side * 0.08, 0.46, TRAYS.z + 0.26), SMALL);
    m.add(box(0.06, 0.12, 0.4), C.woodDark, place(MIDDLE + side * 0.78, 0.06, TRAYS.z), SMALL);
  }
  for (const x of [TRAYS.inX, TRAYS.outX]) tray(m, x);
}

function tray(m: Modeller, x: number): void {
  m.within(place(x, TRAYS.top, TRAYS.z), () => {
    m.add(box(0.52, 0.02, 0.4), C.dark, place(0, 0.01, 0), SMALL);
    m.add(box(0.52, 0.1, 0.02), C.dark, place(0, 0.05, -0.2), SMALL);
    for (const side of [-1, 1]) m.add(box(0.02, 0.1, 0.4), C.dark, place(side * 0.26, 0.05, 0), SMALL);
  });
}
