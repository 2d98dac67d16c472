/** Somebody who is clicked looks up at whoever looks, and then goes back to what they do. The one thing here that the viewer's own clock moves. */
import { JOINT as J, type Pose, soft } from "../../../../assets/people/poses/joints.ts";
import type { Step } from "./graph.ts";

const UP_MS = 250;
const STAYS_MS = 2000;
const OVER_MS = 2500;
const YAW_MAX = 1.15;
const PITCH_MAX = 0.6;
/** Height of the eyes of somebody who sits, in metres. */
const EYES = 1.45;

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** How far they look up after so many milliseconds; 0 is not at all. */
export function lookedUp(after: number): number {
  return soft(after, 0, UP_MS) * (1 - soft(after, STAYS_MS, OVER_MS));
}

export const isLooking = (after: number): boolean => after >= 0 && after < OVER_MS;

const within = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Turns the head to `viewer` by `share`. */
export function glance(p: Pose, at: Step, viewer: Spot, share: number): void {
  const [dx, dz] = [viewer.x - at.x, viewer.z - at.z];
  const trunk = at.heading + (p[J.hipRy] ?? 0) + (p[J.torsoRy] ?? 0);
  const yaw = Math.atan2(dx, dz) - trunk;
  const near = within(Math.atan2(Math.sin(yaw), Math.cos(yaw)), YAW_MAX);
  const pitch = within(Math.atan2(viewer.y - EYES, Math.hypot(dx, dz)), PITCH_MAX) + (p[J.torsoRx] ?? 0) + (p[J.hipRx] ?? 0);
  const towards = (joint: number, to: number): void => {
    p[joint] = (p[joint] ?? 0) + (to - (p[joint] ?? 0)) * share;
  };
  towards(J.headRy, near);
  towards(J.headRx, -pitch);
  towards(J.headRz, -0.06);
  towards(J.gazeX, 0);
  towards(J.gazeY, 0);
  towards(J.brows, 0.1);
}
