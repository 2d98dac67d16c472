/** What hangs on the back wall: the display's frame, shelves of books, the clock's face, two posters. */
import { chance, pick } from "../chance.ts";
import { CLOCK, DISPLAY, ROOM } from "../layout.ts";
import { place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { ball, box, cylinder } from "../shapes.ts";

const Z = ROOM.z0;
const BOOKS = [C.coral, C.teal, C.mustard, C.navy, C.sage, C.lilac, C.white] as const;
const FLAT = { rx: Math.PI / 2 } as const;

export function wall(m: Modeller): void {
  m.add(box(4.3, 1.72, 0.12, 0.05), C.dark, place(DISPLAY.x, DISPLAY.y, Z + 0.08));
  shelf(m, -5.2, 1.75, 2.2, 11);
  shelf(m, -5.0, 2.35, 1.8, 5);
  clock(m);
  poster(m, 3.2, 2.2, C.mustard, C.coral);
  poster(m, 3.95, 2.4, C.sage, C.navy);
}

function shelf(m: Modeller, x: number, y: number, width: number, seed: number): void {
  const random = chance(seed);
  m.add(box(width, 0.06, 0.3, 0.02), C.woodDark, place(x, y, Z + 0.2));
  let at = x - width / 2 + 0.1;
  while (at < x + width / 2 - 0.12) at += shelved(m, at, y + 0.03, random);
}

/** Puts one thing on a shelf and says how much of it that took. */
function shelved(m: Modeller, x: number, y: number, random: () => number): number {
  const kind = random();
  if (kind >= 0.82) return 0.14;
  if (kind >= 0.7) {
    m.add(cylinder(0.07, 0.05, 0.1, 8), C.terracotta, place(x + 0.06, y + 0.05, Z + 0.2), { small: true });
    m.add(ball(0.11, 0.11, 0.11, 8, 6), C.leafLight, place(x + 0.06, y + 0.17, Z + 0.2), { fade: 0.7, small: true });
    return 0.22;
  }
  const [width, tall] = [0.05 + random() * 0.05, 0.2 + random() * 0.14];
  m.add(box(width, tall, 0.2), pick(BOOKS, random()), place(x, y + tall / 2, Z + 0.2, { rz: kind < 0.12 ? 0.18 : 0 }), { small: true });
  return width + 0.012;
}

function clock(m: Modeller): void {
  const { x, y, radius } = CLOCK;
  m.add(cylinder(radius + 0.05, radius + 0.05, 0.07, 22), C.dark, place(x, y, Z + 0.05, FLAT));
  m.add(cylinder(radius, radius, 0.08, 22), C.white, place(x, y, Z + 0.055, FLAT), { small: true });
  for (let hour = 0; hour < 12; hour++) {
    const angle = (hour / 12) * Math.PI * 2;
    const long = hour % 3 === 0 ? 0.05 : 0.025;
    const at = place(x + Math.sin(angle) * 0.2, y + Math.cos(angle) * 0.2, Z + 0.098, { rz: -angle });
    m.add(box(0.016, long, 0.008), C.dark, at, { small: true });
  }
}

function poster(m: Modeller, x: number, y: number, sun: string, band: string): void {
  m.add(box(0.6, 0.78, 0.06, 0.02), C.woodDark, place(x, y, Z + 0.04));
  m.add(box(0.5, 0.68, 0.06), C.white, place(x, y, Z + 0.05), { small: true });
  m.add(cylinder(0.15, 0.15, 0.02, 18), sun, place(x, y + 0.1, Z + 0.085, FLAT), { small: true });
  m.add(box(0.34, 0.14, 0.02), band, place(x, y - 0.18, Z + 0.085), { small: true });
}
