/** Walking: feet stay where they are put while the body goes on over them. */
import { arms, JOINT as J, type Pose, STANDING, upright, When } from "./joints.ts";
import { sole, step } from "./reach.ts";

/** One step of each foot covers about this many metres; a way is walked in whole steps. */
export const STRIDE = 1.1;
/** Metres of a unit of the skeleton; `SIZE` of it. */
const METRES = 1.32;
/** The share of a stride in which a foot stands. */
const STANCE = 0.56;
const LIFT = 0.1;
/** How far ahead of the hips a foot comes down. */
const AHEAD = (STRIDE / METRES) * (STANCE / 2);
const HIPS = 0.512;

/** How far a leg is in its stride, 0 to 1. */
const stride = new When();

/** Writes the leg as it is in its stride: 0 is where the foot comes down. */
function leg(p: Pose, left: boolean, { at: share }: When): void {
  if (share < STANCE) {
    step(p, left, sole(AHEAD - (share * STRIDE) / METRES, 0));
    return;
  }
  // From behind to ahead, leaving and coming down at the floor's own speed (a cubic Hermite curve).
  const s = (share - STANCE) / (1 - STANCE);
  const speed = (-STRIDE / METRES) * (1 - STANCE);
  const along = -AHEAD * (1 - 3 * s * s + 2 * s * s * s) + AHEAD * (3 * s * s - 2 * s * s * s);
  const slope = speed * (s - 3 * s * s + 2 * s * s * s);
  step(p, left, sole(along + slope, LIFT * Math.sin(Math.PI * s) ** 1.5));
}

/** @param turn how far the walk has come, a full turn for a stride of each foot; at 0 and half a turn the feet pass one another */
export function walk(p: Pose, { at: turn }: When): void {
  const share = (((turn / (2 * Math.PI) + STANCE / 2) % 1) + 1) % 1;
  const swing = Math.cos(turn + Math.PI / 2);
  p[J.hipX] = 0.014 * Math.cos(turn);
  p[J.hipY] = HIPS + 0.012 * Math.cos(2 * turn);
  p[J.hipRx] = 0.03;
  p[J.hipRy] = -0.1 * swing;
  p[J.torsoRx] = 0.05;
  p[J.torsoRy] = 0.2 * swing;
  p[J.torsoRz] = -0.03 * Math.cos(turn);
  p[J.headRy] = -0.09 * swing;
  p[J.headRx] = -0.03 + 0.015 * Math.cos(2 * turn);
  arms(p, 0, 0.1, -0.35);
  p[J.armLx] = -0.05 - 0.55 * swing;
  p[J.armRx] = -0.05 + 0.55 * swing;
  p[J.foreLx] = -0.4 - 0.3 * Math.max(0, swing);
  p[J.foreRx] = -0.4 - 0.3 * Math.max(0, -swing);
  stride.at = share;
  leg(p, true, stride);
  stride.at = (share + 0.5) % 1;
  leg(p, false, stride);
}

/** Standing with the arms down: what a walk begins and ends with. */
export function poise(p: Pose, { at: a }: When): void {
  upright(p);
  p[J.hipY] = STANDING - 0.012;
  p[J.torsoRx] = 0.02 + 0.012 * Math.sin(a);
  p[J.headRy] = 0.06 * Math.sin(a);
  arms(p, -0.06, 0.1, -0.25);
  step(p, true, sole(0, 0));
  step(p, false, sole(0, 0));
}
