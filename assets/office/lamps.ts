/** The two floor lamps; every lamp's shade shines and belongs to the lights. */
import { DESKS, FLOOR_LAMPS, hasLamp } from "../layout.ts";
import { after, place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { cylinder, lathe } from "../shapes.ts";

export function lamps(m: Modeller): void {
  for (const { x, z } of FLOOR_LAMPS) {
    m.add(cylinder(0.2, 0.22, 0.04, 16), C.dark, place(x, 0.02, z));
    m.add(cylinder(0.022, 0.022, 1.7, 6), C.dark, place(x, 0.87, z));
  }
}

/** Shades of the floor lamps and of the desks' lamps. */
export function shades(m: Modeller): void {
  for (const { x, z } of FLOOR_LAMPS) {
    m.add(
      lathe(
        [
          [0.2, 1.65],
          [0.27, 1.64],
          [0.17, 2.02],
          [0.15, 2.02],
        ],
        16,
      ),
      C.shadeDay,
      place(x, 0, z),
      { small: true },
    );
  }
  DESKS.forEach(({ x, z }, desk) => {
    if (!hasLamp(desk)) return;
    const head = after(place(x, 0, z), place(0.6, 1.28, 0.08));
    m.add(
      lathe(
        [
          [0, -0.03],
          [0.1, -0.04],
          [0.05, 0.06],
          [0, 0.07],
        ],
        10,
      ),
      C.shadeDay,
      head,
      { small: true },
    );
  });
}
