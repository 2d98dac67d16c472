/** How an end is taken. Both begin with the end itself: `t` is seconds since. */
import { arms, JOINT as J, type Pose, SEATED, STANDING, seated, soft, type When } from "./joints.ts";
import { reach, sole, spot, step } from "./reach.ts";

const { sin, abs } = Math;
/** When somebody who cheers is up, when they begin to sit down again, when they sit. A desk says `done` for two seconds. */
export const CHEER = { up: 0.34, down: 1.6, over: 1.98 } as const;
const JUMP_SECONDS = 0.42;

/** How far somebody who cheers has got up from the chair, 0 to 1. */
export function risen(t: number): number {
  return soft(t, 0, CHEER.up) * (1 - soft(t, CHEER.down, CHEER.over));
}

/** Up from the chair, three jumps with the arms in the air, and down on the chair again, pleased. */
export function cheer(p: Pose, { at: t }: When): void {
  const up = risen(t);
  const beat = ((t - CHEER.up) / JUMP_SECONDS) * Math.PI;
  const jump = up * abs(sin(beat)) ** 0.8 * (t > CHEER.up && t < CHEER.up + 3 * JUMP_SECONDS ? 1 : 0);
  const crouches = up * (1 - soft(jump, 0, 0.35));
  p[J.hipY] = SEATED + (STANDING - SEATED - 0.03 * crouches) * up + 0.17 * jump;
  p[J.torsoRx] = 0.34 * up * (1 - up) * 4 * 0.25 - 0.08 * up + 0.08 * crouches;
  p[J.torsoRz] = 0.07 * sin(beat * 0.5) * up;
  p[J.headRx] = -0.14 * up - 0.06 * jump;
  p[J.headRz] = 0.09 * sin(beat * 0.5) * up;
  arms(p, -0.7 - 2.0 * up - 0.16 * jump, 0.12 + 0.3 * up, -0.95 + 0.66 * up, 0.2 * (1 - up));
  p[J.armLx] = (p[J.armLx] ?? 0) + 0.2 * up * sin(beat * 2);
  p[J.armRx] = (p[J.armRx] ?? 0) - 0.2 * up * sin(beat * 2);
  p[J.talk] = 0.7 * up;
  legs(p, up, jump);
}

function legs(p: Pose, up: number, jump: number): void {
  step(p, true, sole(0.01, 0.16 * jump));
  step(p, false, sole(-0.03, 0.13 * jump));
  p[J.thighL] = -1.5 + (1.5 + (p[J.thighL] ?? 0)) * up;
  p[J.thighR] = -1.5 + (1.5 + (p[J.thighR] ?? 0)) * up;
  p[J.shinL] = 1.45 + ((p[J.shinL] ?? 0) - 1.45) * up;
  p[J.shinR] = 1.45 + ((p[J.shinR] ?? 0) - 1.45) * up;
}

/** Throws the hands up, lets them fall, sinks together over the desk; the face stays to be seen, turned to the viewer. */
export function slump(p: Pose, { at: t }: When): void {
  seated(p);
  const throws = soft(t, 0, 0.22) * (1 - soft(t, 0.42, 0.85));
  const sunk = soft(t, 0.4, 1.15);
  const sigh = sin(t * 1.5) * sunk;
  const no = sin(t * 4.2) * soft(t, 1.3, 1.6) * (1 - soft(t, 2.6, 3.2));
  p[J.hipRy] = 0.22 * sunk;
  p[J.hipZ] = 0.02 + 0.03 * sunk;
  p[J.torsoRx] = 0.1 - 0.2 * throws + 0.24 * sunk + 0.02 * sigh;
  p[J.torsoRz] = 0.1 * sunk;
  p[J.headRx] = -0.02 - 0.2 * throws - 0.24 * sunk - 0.03 * sigh;
  p[J.headRy] = 0.2 + 0.18 * sunk + 0.16 * no;
  p[J.headRz] = -0.34 * sunk;
  const z = 0.2 + 0.1 * sunk;
  reach(p, true, spot(0.2 + 0.16 * throws - 0.04 * sunk, 0.69 + 0.36 * throws, z + 0.04));
  // The cheek rests in the right hand.
  reach(p, false, spot(-0.24 - 0.12 * throws - 0.03 * sunk, 0.69 + 0.36 * throws + 0.3 * sunk, z - 0.02 * sunk));
  p[J.mouth] = soft(t, 0, 0.2);
  p[J.brows] = soft(t, 0, 0.2);
  p[J.talk] = 0.6 * throws;
  p[J.gazeY] = -0.5 * sunk;
  p[J.eyes] = (p[J.eyes] ?? 1) * (1 - 0.26 * sunk);
}
