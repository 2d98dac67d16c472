/** Trunk, arms and legs. */
import { darker } from "../palette.ts";
import { ball, box, capsule, cylinder, lathe, ring } from "../shapes.ts";
import type { Look } from "./looks.ts";
import type { Attach } from "./part.ts";
import { BONE } from "./skeleton.ts";

const TRUNK = [
  [0.02, -0.1],
  [0.17, -0.09],
  [0.2, 0],
  [0.195, 0.15],
  [0.17, 0.3],
  [0.12, 0.39],
  [0.06, 0.42],
  [0, 0.42],
] as const;

export function body(attach: Attach, look: Look): void {
  attach(capsule(0.15, 0.1, 10, 2), look.trousers, BONE.hips, 0, 0, 0, { scale: [1.12, 0.85, 0.9] });
  attach(lathe(TRUNK, 14), look.shirt, BONE.torso, 0, 0, 0, { scale: [1.08, 1, 0.85] }, 0.7);
  attach(cylinder(0.055, 0.06, 0.08, 8), darker(look.skin, 0.2), BONE.torso, 0, 0.42, 0);
  if (look.hood) attach(ring(0.085, 0.035, 12, 5), darker(look.shirt, 0.18), BONE.torso, 0, 0.4, 0, { rx: Math.PI / 2 });
  if (look.badge) attach(box(0.1, 0.13, 0.015, 0.01), "#fff3e0", BONE.torso, 0.02, 0.2, 0.166, { rx: -0.15 });
  arms(attach, look);
  legs(attach, look);
}

function arms(attach: Attach, look: Look): void {
  const sides = [
    [BONE.upperArmLeft, BONE.forearmLeft, 1],
    [BONE.upperArmRight, BONE.forearmRight, -1],
  ] as const;
  for (const [upper, fore, side] of sides) {
    attach(capsule(0.062, 0.15, 8, 2), look.shirt, upper, side * 0.005, -0.1, 0, { rz: side * 0.08 });
    attach(capsule(0.053, 0.12, 8, 2), look.longSleeves ? look.shirt : look.skin, fore, 0, -0.09, 0);
    attach(ball(0.064, 0.066, 0.06, 8, 6), look.skin, fore, 0, -0.2, 0.005);
    attach(capsule(0.02, 0.03, 5, 1), look.skin, fore, side * -0.045, -0.19, 0.04, { rx: -0.5, rz: side * 0.6 });
  }
}

function legs(attach: Attach, look: Look): void {
  const sides = [
    [BONE.thighLeft, BONE.shinLeft],
    [BONE.thighRight, BONE.shinRight],
  ] as const;
  for (const [thigh, shin] of sides) {
    attach(capsule(0.085, 0.17, 8, 2), look.trousers, thigh, 0, -0.13, 0);
    attach(capsule(0.073, 0.14, 8, 2), look.trousers, shin, 0, -0.1, 0);
    attach(box(0.13, 0.09, 0.22, 0.04), look.shoes, shin, 0, -0.245, 0.04);
  }
}
