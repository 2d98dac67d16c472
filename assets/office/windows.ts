/** Frames, sills, curtains and rods of the three windows; their panes shine and belong to the lights. */
import { ROOM, WINDOWS } from "../layout.ts";
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { box, capsule, cylinder } from "../shapes.ts";

const TALL = WINDOWS.high - WINDOWS.low;
const MIDDLE = (WINDOWS.low + WINDOWS.high) / 2;

export function windows(m: Modeller): void {
  for (const z of WINDOWS.zs) {
    m.within(place(ROOM.x0, MIDDLE, z), () => {
      frame(m);
      curtains(m);
    });
  }
}

function frame(m: Modeller): void {
  const [w, t] = [WINDOWS.width, 0.07];
  const bars = [
    [-w / 2, t, 0, TALL],
    [w / 2, t, 0, TALL],
    [0, t * 0.7, 0, TALL],
    [0, w, -TALL / 2, t],
    [0, w, TALL / 2, t],
    [0, w, 0.25, t * 0.6],
  ] as const;
  for (const [z, across, y, up] of bars) m.add(box(0.2, up, across, 0.015), C.trim, place(-0.14, y, z));
  m.add(box(0.34, 0.06, w + 0.25, 0.02), C.trim, place(0.08, -TALL / 2 - 0.05, 0));
}

function curtains(m: Modeller): void {
  for (const side of [-1, 1]) {
    for (const [fold, colour] of [C.coral, C.coralLight, C.coral].entries()) {
      const z = side * (WINDOWS.width / 2 + 0.05 + fold * 0.085);
      m.add(capsule(0.055, TALL + 0.15, 8, 2), colour, place(0.1, 0.02, z));
    }
  }
  m.add(cylinder(0.025, 0.025, WINDOWS.width + 0.8, 6), C.woodDark, place(0.1, TALL / 2 + 0.16, 0, { rx: Math.PI / 2 }), { small: true });
}

/** Panes as they shine into the room: warm by day, blue at night. */
export function panes(m: Modeller): void {
  for (const z of WINDOWS.zs) {
    const at = place(ROOM.x0 - 0.2, MIDDLE, z, { ry: Math.PI / 2 });
    m.add(box(WINDOWS.width, TALL, 0.01), "#ffffff", at, { small: true });
  }
}
