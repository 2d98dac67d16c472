/** Hair, and what sits on it. */
import { darker } from "../palette.ts";
import { ball, capsule, cylinder, ring } from "../shapes.ts";
import type { Hair, Look } from "./looks.ts";
import type { Attach } from "./part.ts";
import { BONE } from "./skeleton.ts";

const H = BONE.head;
/** The scalp: a cap over the skull, tipped back so that the forehead stays free. */
function scalp(attach: Attach, look: Look, radius = 0.252, down = 1.5, tip = -0.42): void {
  attach(ball(radius, radius * 0.98, radius * 0.97, 16, 6, 0, down), look.hair, H, 0, 0.222, -0.012, { rx: tip }, 0.8);
}

const STYLES: Readonly<Record<Hair, (attach: Attach, look: Look) => void>> = {
  quiff(attach, look) {
    scalp(attach, look);
    attach(ball(0.15, 0.065, 0.095, 9, 6), look.hair, H, 0.05, 0.425, 0.1);
    attach(ball(0.11, 0.055, 0.085, 8, 6), look.hair, H, -0.1, 0.41, 0.085);
  },
  bun(attach, look) {
    scalp(attach, look, 0.256, 1.6);
    attach(ball(0.105, 0.1, 0.105, 10, 7), look.hair, H, 0, 0.47, -0.1, {}, 0.8);
  },
  bob(attach, look) {
    scalp(attach, look, 0.257, 1.65, -0.36);
    for (const side of [-1, 1]) attach(capsule(0.07, 0.16, 7, 2), look.hair, H, side * 0.205, 0.13, -0.055, {}, 0.8);
    attach(capsule(0.17, 0.1, 9, 2), look.hair, H, 0, 0.13, -0.1, {}, 0.8);
  },
  spikes(attach, look) {
    scalp(attach, look, 0.25, 1.3);
    for (let k = -3; k <= 3; k++) {
      attach(cylinder(0, 0.06, 0.15, 5), look.hair, H, k * 0.055, 0.44 - Math.abs(k) * 0.02, k % 2 === 0 ? 0.05 : -0.02, {
        rx: 0.25,
        rz: -k * 0.2,
      });
    }
  },
  beanie(attach, look) {
    attach(ball(0.257, 0.26, 0.25, 16, 7, 0, 1.35), look.accent, H, 0, 0.235, -0.01, { rx: -0.28 }, 0.85);
    attach(ring(0.246, 0.034, 18, 5), darker(look.accent, 0.14), H, 0, 0.28, 0.0, { rx: Math.PI / 2 - 0.28 });
    attach(ball(0.052, 0.05, 0.052, 7, 5), "#fff3e0", H, 0, 0.5, -0.06);
  },
  beard(attach, look) {
    scalp(attach, look, 0.251, 1.4);
    attach(ball(0.2, 0.176, 0.168, 12, 5, 1.45, 2.7), look.hair, H, 0, 0.155, 0.066, { rx: 0.06 }, 0.8);
  },
  curls(attach, look) {
    scalp(attach, look, 0.253, 1.45);
    for (let k = 0; k < 9; k++) {
      const around = 0.5 + (k / 9) * Math.PI * 2;
      const back = Math.cos(around);
      attach(
        ball(0.095, 0.09, 0.095, 7, 5),
        look.hair,
        H,
        Math.sin(around) * 0.19,
        0.36 - Math.max(0, -back) * 0.1,
        back * 0.15 - 0.04,
        {},
        0.8,
      );
    }
    attach(ball(0.13, 0.1, 0.13, 8, 5), look.hair, H, 0, 0.43, -0.03);
  },
  ponytail(attach, look) {
    scalp(attach, look, 0.255, 1.55);
    attach(capsule(0.065, 0.2, 7, 2), look.hair, H, 0, 0.2, -0.3, { rx: 0.35 }, 0.75);
    attach(ring(0.05, 0.022, 8, 4), look.accent, H, 0, 0.33, -0.25, { rx: 0.6 });
    attach(ball(0.17, 0.06, 0.09, 9, 5), look.hair, H, -0.05, 0.405, 0.1, { rz: 0.2 });
  },
  waves(attach, look) {
    scalp(attach, look, 0.256, 1.6, -0.38);
    for (const side of [-1, 1]) {
      attach(ball(0.1, 0.13, 0.12, 8, 6), look.hair, H, side * 0.19, 0.2, -0.08, {}, 0.8);
      attach(ball(0.09, 0.06, 0.1, 8, 5), look.hair, H, side * 0.1, 0.42, 0.06);
    }
  },
  crop(attach, look) {
    scalp(attach, look, 0.249, 1.35);
  },
};

export const hair = (attach: Attach, look: Look): void => STYLES[look.style](attach, look);
