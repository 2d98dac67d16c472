/** What a hand may hold; shrunk to nothing while it does not. */
import { C } from "../palette.ts";
import { box, cylinder, ring } from "../shapes.ts";
import type { Look } from "./looks.ts";
import type { Attach } from "./part.ts";
import { BONE } from "./skeleton.ts";

export function props(attach: Attach, look: Look): void {
  attach(cylinder(0.052, 0.045, 0.11, 9), C.white, BONE.mug, 0, 0, 0, { rx: 1.2 });
  attach(ring(0.034, 0.01, 7, 4), C.white, BONE.mug, -0.055, 0, 0, { rx: 1.2 });
  for (const side of [-1, 1]) {
    attach(box(0.15, 0.012, 0.2), look.accent, BONE.book, side * 0.07, 0, 0, { rx: 1.2, rz: side * 0.22 });
    attach(box(0.135, 0.014, 0.18), C.paper, BONE.book, side * 0.066, 0.004, 0.008, { rx: 1.2, rz: side * 0.22 });
  }
  attach(box(0.07, 0.014, 0.13), C.dark, BONE.phone, 0, 0, 0, { rx: 1.0 });
  attach(box(0.058, 0.004, 0.11), "#bfe8ff", BONE.phone, 0, 0.008, 0.005, { rx: 1.0 });
}
