/** Head and face; eyes, mouth and brows hang on bones of their own so that a face can blink, smile and fall. */
import { blend, C, darker } from "../palette.ts";
import { ball, capsule, cylinder, ring } from "../shapes.ts";
import type { Look } from "./looks.ts";
import type { Attach } from "./part.ts";
import { BONE } from "./skeleton.ts";

const SIDES = [-1, 1] as const;

export function head(attach: Attach, look: Look): void {
  attach(ball(0.24, 0.23, 0.226, 16, 11), look.skin, BONE.head, 0, 0.215, 0, {}, 0.86);
  attach(ball(0.024, 0.022, 0.022, 6, 4), darker(look.skin, 0.08), BONE.head, 0, 0.178, 0.228);
  for (const side of SIDES) {
    attach(ball(0.05, 0.05, 0.04, 7, 5), darker(look.skin, 0.07), BONE.head, side * 0.235, 0.2, 0);
    attach(ball(0.042, 0.026, 0.012, 8, 4), blend(look.skin, "#ef6f5e", 0.42), BONE.head, side * 0.14, 0.142, 0.184, { ry: side * 0.6 });
    eye(attach, side);
    brow(attach, look, side);
  }
  attach(ring(0.045, 0.01, 9, 4, Math.PI), C.lip, BONE.mouth, 0, 0.014, 0.002, { rx: 0.12, rz: Math.PI });
  if (look.glasses) glasses(attach);
  if (look.headphones) headphones(attach, look);
}

function eye(attach: Attach, side: number): void {
  attach(ball(0.03, 0.042, 0.018, 9, 6), C.ink, BONE.eyes, side * 0.085, 0, 0.006, { ry: side * 0.32 });
  attach(ball(0.011, 0.012, 0.006, 5, 3), "#ffffff", BONE.eyes, side * 0.085 + 0.011, 0.016, 0.023);
}

function brow(attach: Attach, look: Look, side: number): void {
  const colour = look.style === "beanie" ? C.ink : look.hair;
  attach(capsule(0.01, 0.046, 5, 1), colour, side > 0 ? BONE.browLeft : BONE.browRight, 0, 0, 0, {
    rx: -0.2,
    rz: Math.PI / 2 - side * 0.12,
    ry: side * 0.2,
  });
}

function glasses(attach: Attach): void {
  for (const side of SIDES) attach(ring(0.062, 0.009, 14, 4), C.ink, BONE.head, side * 0.088, 0.222, 0.226, { ry: side * 0.25 });
  attach(cylinder(0.007, 0.007, 0.05, 4), C.ink, BONE.head, 0, 0.23, 0.24, { rz: Math.PI / 2 });
}

function headphones(attach: Attach, look: Look): void {
  attach(ring(0.27, 0.02, 14, 5, Math.PI), C.dark, BONE.head, 0, 0.22, 0);
  for (const side of SIDES)
    attach(cylinder(0.075, 0.07, 0.06, 12), look.accent, BONE.head, side * 0.265, 0.2, 0, { rz: (-side * Math.PI) / 2 });
}
