/** Arms and legs that end where they are told to: two bones, a target, one solution (law of cosines). Nothing is allocated. */
import { BONE, SKELETON } from "../skeleton.ts";
import { JOINT as J, type Pose } from "./joints.ts";

const at = (bone: number, axis: 0 | 1 | 2): number => SKELETON[bone]?.at[axis] ?? 0;
const SHOULDER = { x: at(BONE.upperArmLeft, 0), y: at(BONE.upperArmLeft, 1) } as const;
const TORSO_Y = at(BONE.torso, 1);
const UPPER = -at(BONE.forearmLeft, 1);
const FORE = 0.2;
const THIGH = -at(BONE.shinLeft, 1);
/** From the knee to the sole. */
const SHIN = 0.29;

const within = (value: number): number => Math.max(-1, Math.min(1, value));
const spot = new Float64Array(3);

/** Turns `spot` back by an angle about one axis: 0 is x, 1 is y, 2 is z. */
function back(axis: 0 | 1 | 2, angle: number): void {
  const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
  const [c, s, u, v] = [Math.cos(angle), Math.sin(angle), spot[a] ?? 0, spot[b] ?? 0];
  spot[a] = c * u + s * v;
  spot[b] = c * v - s * u;
}

/**
 * Puts a hand at (x, y, z), counted from the floor beneath the person; as near as the arm gets if that is too far.
 * The elbow hangs beside and below. Asked after hips and torso are posed.
 */
export function reach(p: Pose, left: boolean, x: number, y: number, z: number): void {
  const side = left ? 1 : -1;
  spot[0] = x - (p[J.hipX] ?? 0);
  spot[1] = y - (p[J.hipY] ?? 0);
  spot[2] = z - (p[J.hipZ] ?? 0);
  back(0, p[J.hipRx] ?? 0);
  back(1, p[J.hipRy] ?? 0);
  spot[1] -= TORSO_Y;
  back(0, p[J.torsoRx] ?? 0);
  back(1, p[J.torsoRy] ?? 0);
  back(2, p[J.torsoRz] ?? 0);
  const [tx, ty, tz] = [(spot[0] ?? 0) - side * SHOULDER.x, (spot[1] ?? 0) - SHOULDER.y, spot[2] ?? 0];
  const far = Math.min(Math.hypot(tx, ty, tz), UPPER + FORE - 0.004);
  const bend = Math.acos(within((far * far - UPPER * UPPER - FORE * FORE) / (2 * UPPER * FORE)));
  const [down, ahead] = [UPPER + FORE * Math.cos(bend), FORE * Math.sin(bend)];
  const spread = Math.asin(within(tx / Math.max(down, 1e-6)));
  // Over the head and on behind it: the angle goes on, it does not begin anew.
  const towards = Math.atan2(tz, -ty);
  const raise = Math.atan2(ahead, down * Math.cos(spread)) - (towards < -Math.PI / 2 ? towards + 2 * Math.PI : towards);
  p[left ? J.armLx : J.armRx] = raise;
  p[left ? J.armLz : J.armRz] = spread;
  p[left ? J.foreLx : J.foreRx] = -bend;
  p[left ? J.foreLz : J.foreRz] = 0;
}

/** Puts a sole `ahead` of the hips' own place and `up` over the floor; the knee bends forward. Asked after the hips are posed. */
export function step(p: Pose, left: boolean, ahead: number, up: number): void {
  const [dz, down] = [ahead - (p[J.hipZ] ?? 0), (p[J.hipY] ?? 0) - up];
  const far = Math.min(Math.hypot(dz, down), THIGH + SHIN - 0.002);
  const bend = Math.acos(within((far * far - THIGH * THIGH - SHIN * SHIN) / (2 * THIGH * SHIN)));
  const knee = Math.asin(within((SHIN * Math.sin(bend)) / far));
  p[left ? J.thighL : J.thighR] = -(Math.atan2(dz, down) + knee) - (p[J.hipRx] ?? 0);
  p[left ? J.shinL : J.shinR] = bend;
}
