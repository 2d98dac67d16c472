/** Plants in pots, and the two planters along the front. */
import { chance, cycled, pick } from "../chance.ts";
import { ROOM } from "../layout.ts";
import { type Affine, after, place } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import { C } from "../palette.ts";
import { ball, box, capsule, cylinder, lathe } from "../shapes.ts";

const GREENS = [C.leaf, C.leafLight, C.leafDark] as const;
const { x0, x1, z0, z1 } = ROOM;

export function plants(m: Modeller): void {
  rubberTree(m, place(x0 + 0.55, 0, z0 + 0.6, { ry: 0.8, scale: 1.2 }), C.terracotta);
  bush(m, place(x0 + 0.5, 0, 3.5, { ry: 2, scale: 1.1 }), C.white);
  rubberTree(m, place(x1 - 0.5, 0, z1 - 0.55, { ry: 4, scale: 1.25 }), C.mustard);
  snakePlant(m, place(4.72, 0, z0 + 0.42), C.white);
  bush(m, place(x1 - 0.45, 0, -0.75, { ry: 1, scale: 0.95 }), C.coral);
  planter(m, -5.2, 3.55, 2.0, 3);
  planter(m, 5.05, 3.55, 1.7, 9);
}

function pot(m: Modeller, colour: string): void {
  const profile = [
    [0.19, 0],
    [0.22, 0.03],
    [0.27, 0.4],
    [0.29, 0.4],
    [0.29, 0.46],
    [0.24, 0.46],
    [0.23, 0.4],
  ] as const;
  m.add(lathe(profile, 14), colour);
  m.add(cylinder(0.23, 0.23, 0.02, 12), C.soil, place(0, 0.41, 0), { small: true });
}

/** Broad leaves in a spiral round a stem. */
function rubberTree(m: Modeller, at: Affine, colour: string): void {
  m.within(at, () => {
    pot(m, colour);
    m.add(cylinder(0.03, 0.04, 0.75, 6), C.bark, place(0, 0.7, 0));
    for (let leaf = 0; leaf < 12; leaf++) {
      const [around, lift] = [leaf * 2.4, 0.95 - leaf * 0.075];
      const blade = after(place(0, 0.52 + leaf * 0.055, 0, { ry: around }), place(0, 0, 0.03, { rx: lift - 1.0 }));
      m.add(ball(0.13, 0.02, 0.31, 8, 5), cycled(GREENS, leaf), after(blade, place(0, 0, 0.33)), { fade: 0.75 });
    }
  });
}

function bush(m: Modeller, at: Affine, colour: string): void {
  const tufts = [
    [0, 0.75, 0, 0.3, C.leaf],
    [0.18, 0.95, 0.08, 0.24, C.leafLight],
    [-0.16, 1.0, -0.06, 0.23, C.leafDark],
    [0.02, 1.2, 0.02, 0.22, C.leafLight],
  ] as const;
  m.within(at, () => {
    pot(m, colour);
    for (const [x, y, z, r, green] of tufts) m.add(ball(r, r * 0.96, r, 12, 8), green, place(x, y, z), { fade: 0.7 });
  });
}

function snakePlant(m: Modeller, at: Affine, colour: string): void {
  const random = chance(21);
  m.within(at, () => {
    pot(m, colour);
    for (let leaf = 0; leaf < 9; leaf++) {
      const around = leaf * 0.7;
      const [dx, dz] = [Math.cos(around), Math.sin(around)];
      const lean = { rx: dz * 0.22, rz: -dx * 0.22, scale: [1.15, 1, 0.55] } as const;
      const blade = capsule(0.035, 0.5 + random() * 0.35, 6, 2);
      m.add(blade, leaf % 2 === 0 ? C.leaf : C.leafDark, place(dx * 0.1, 0.75 + random() * 0.1, dz * 0.1, lean), { fade: 0.6 });
    }
  });
}

function planter(m: Modeller, x: number, z: number, width: number, seed: number): void {
  const random = chance(seed);
  m.add(box(width, 0.42, 0.42, 0.05), C.white, place(x, 0.21, z), { fade: 0.85 });
  m.add(box(width - 0.1, 0.02, 0.32), C.soil, place(x, 0.425, z), { small: true });
  const count = Math.floor(width / 0.2);
  for (let k = 0; k < count; k++) {
    const r = 0.13 + random() * 0.07;
    const px = x - width / 2 + 0.16 + (k * 0.2 * (width - 0.1)) / width;
    m.add(ball(r, r * 0.92, r, 9, 6), pick([...GREENS, C.sage], random()), place(px, 0.5 + random() * 0.1, z + random() * 0.14 - 0.07), {
      fade: 0.65,
    });
  }
  for (let k = 0; k < width / 0.5; k++) {
    const px = x - width / 2 + 0.3 + k * 0.45;
    m.add(ball(0.05, 0.05, 0.05, 6, 4), cycled([C.pink, C.mustard, C.white], k), place(px, 0.69, z + 0.08), { small: true });
  }
}
