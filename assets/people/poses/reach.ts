/** Arms and legs that end where they are told to: two bones, a target, one solution (law of cosines). Nothing is allocated. */
import { BONE, SKELETON } from "../skeleton.ts";
import { JOINT as J, type Pose } from "./joints.ts";

const joint = (bone: number, axis: 0 | 1 | 2): number => SKELETON[bone]?.at[axis] ?? 0;
const SHOULDER = { x: joint(BONE.upperArmLeft, 0), y: joint(BONE.upperArmLeft, 1) } as const;
const TORSO_Y = joint(BONE.torso, 1);
const UPPER = -joint(BONE.forearmLeft, 1);
const FORE = 0.2;
const THIGH = -joint(BONE.shinLeft, 1);
/** From the knee to the sole. */
const SHIN = 0.29;

const within = (value: number): number => Math.max(-1, Math.min(1, value));

/** Where a hand or a sole is to be. */
export class Spot {
  x = 0.5;
  y = 0.5;
  z = 0.5;
}

/** One for all who ask: numbers handed over one by one would be boxed, for ten people at every render. */
const asked = new Spot();

/** A place for a hand, counted from the floor beneath the person; good until the next one is asked for. */
export function spot(x: number, y: number, z: number): Spot {
  asked.x = x;
  asked.y = y;
  asked.z = z;
  return asked;
}

/** A place for a sole: so far ahead of the hips' own place, so far over the floor; good until the next one is asked for. */
export function sole(ahead: number, up: number): Spot {
  asked.y = up;
  asked.z = ahead;
  return asked;
}

/** Turns a spot back about the x axis by what a joint says. */
function backX(at: Spot, p: Pose, joint: number): void {
  const angle = p[joint] ?? 0;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const u = at.y;
  const v = at.z;
  at.y = c * u + s * v;
  at.z = c * v - s * u;
}

function backY(at: Spot, p: Pose, joint: number): void {
  const angle = p[joint] ?? 0;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const u = at.z;
  const v = at.x;
  at.z = c * u + s * v;
  at.x = c * v - s * u;
}

function backZ(at: Spot, p: Pose, joint: number): void {
  const angle = p[joint] ?? 0;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const u = at.x;
  const v = at.y;
  at.x = c * u + s * v;
  at.y = c * v - s * u;
}

/** From the floor beneath the person into the trunk as it is turned. */
function intoTrunk(at: Spot, p: Pose): void {
  at.x -= p[J.hipX] ?? 0;
  at.y -= p[J.hipY] ?? 0;
  at.z -= p[J.hipZ] ?? 0;
  backX(at, p, J.hipRx);
  backY(at, p, J.hipRy);
  at.y -= TORSO_Y;
  backX(at, p, J.torsoRx);
  backY(at, p, J.torsoRy);
  backZ(at, p, J.torsoRz);
}

/**
 * Puts a hand at a spot, as near as the arm gets if that is too far; the spot is used up by it.
 * The elbow hangs beside and below. Asked after hips and torso are posed.
 */
export function reach(p: Pose, left: boolean, at: Spot): void {
  const side = left ? 1 : -1;
  intoTrunk(at, p);
  const tx = at.x - side * SHOULDER.x;
  const ty = at.y - SHOULDER.y;
  const tz = at.z;
  const far = Math.min(Math.sqrt(tx * tx + ty * ty + tz * tz), UPPER + FORE - 0.004);
  const bend = Math.acos(within((far * far - UPPER * UPPER - FORE * FORE) / (2 * UPPER * FORE)));
  const down = UPPER + FORE * Math.cos(bend);
  const ahead = FORE * Math.sin(bend);
  const spread = Math.asin(within(tx / Math.max(down, 1e-6)));
  // Over the head and on behind it: the angle goes on, it does not begin anew.
  const towards = Math.atan2(tz, -ty);
  const raise = Math.atan2(ahead, down * Math.cos(spread)) - (towards < -Math.PI / 2 ? towards + 2 * Math.PI : towards);
  p[left ? J.armLx : J.armRx] = raise;
  p[left ? J.armLz : J.armRz] = spread;
  p[left ? J.foreLx : J.foreRx] = -bend;
  p[left ? J.foreLz : J.foreRz] = 0;
}

/** Puts a sole at a spot; the knee bends forward. Asked after the hips are posed. */
export function step(p: Pose, left: boolean, at: Spot): void {
  const dz = at.z - (p[J.hipZ] ?? 0);
  const down = (p[J.hipY] ?? 0) - at.y;
  const far = Math.min(Math.sqrt(dz * dz + down * down), THIGH + SHIN - 0.002);
  const bend = Math.acos(within((far * far - THIGH * THIGH - SHIN * SHIN) / (2 * THIGH * SHIN)));
  const knee = Math.asin(within((SHIN * Math.sin(bend)) / far));
  p[left ? J.thighL : J.thighR] = -(Math.atan2(dz, down) + knee) - (p[J.hipRx] ?? 0);
  p[left ? J.shinL : J.shinR] = bend;
}
