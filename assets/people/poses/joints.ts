/**
 * What a pose is made of: one number for each joint. Angles in radians in the order x, y, z; a limb hangs along -y, so a
 * negative x raises it forward; +x is the person's left. Lengths in units of the skeleton.
 */
export const JOINT = {
  hipX: 0,
  hipY: 1,
  hipZ: 2,
  hipRx: 3,
  hipRy: 4,
  torsoRx: 5,
  torsoRy: 6,
  torsoRz: 7,
  headRx: 8,
  headRy: 9,
  headRz: 10,
  armLx: 11,
  armLz: 12,
  foreLx: 13,
  foreLz: 14,
  armRx: 15,
  armRz: 16,
  foreRx: 17,
  foreRz: 18,
  thighL: 19,
  shinL: 20,
  thighR: 21,
  shinR: 22,
  /** 1 open, 0 closed. */
  eyes: 23,
  /** 0 smiles, 1 is turned down. */
  mouth: 24,
  /** 0 calm, 1 drawn up in the middle. */
  brows: 25,
  /** 0 gone, 1 in the hand. */
  mug: 26,
  book: 27,
  phone: 28,
  /** Where the eyes look: -1 to the person's right, 1 to the left; 1 up, -1 down. */
  gazeX: 29,
  gazeY: 30,
  /** 0 shut, 1 wide open. */
  talk: 31,
} as const;

export const JOINTS = 32;
export type Pose = Float32Array;

/**
 * The moment that a pose is of. An object, for a number handed from one function to the next would be boxed at every render;
 * of a class, for the fields of plain objects are laid out by whatever else is written with the same names, and boxed as well.
 */
export class When {
  /** Of a loop the angle, a full turn for all of it; else seconds, of a walk the angle of the legs' swing. */
  at = 0.5;
}

/** Height of the hips on a chair, and standing. */
export const SEATED = 0.46;
export const STANDING = 0.56;

/** A number from 0 to 1 that is this person's own; `salt` gives further ones. */
export function own(seed: number, salt: number): number {
  const mixed = Math.sin(seed * 127.1 + salt * 311.7) * 43758.5453;
  return mixed - Math.floor(mixed);
}

/** From 0 to 1 while `at` goes from `start` to `end`, softly at both ends. */
export function soft(at: number, start: number, end: number): number {
  const share = Math.max(0, Math.min(1, (at - start) / (end - start)));
  return share * share * (3 - 2 * share);
}

const J = JOINT;

/** On the office chair; feet hang, for its seat is high. */
export function seated(p: Pose): void {
  p[J.hipY] = SEATED;
  p[J.thighL] = p[J.thighR] = -1.5;
  p[J.shinL] = p[J.shinR] = 1.45;
}

export function upright(p: Pose): void {
  p[J.hipY] = STANDING;
}

/** Both arms alike: raised by `x`, spread by `z`, bent by `fore`, the hands turned in by `inward`. */
export function arms(p: Pose, x: number, z: number, fore: number, inward = 0): void {
  p[J.armLx] = p[J.armRx] = x;
  p[J.armLz] = z;
  p[J.armRz] = -z;
  p[J.foreLx] = p[J.foreRx] = fore;
  p[J.foreLz] = -inward;
  p[J.foreRz] = inward;
}

/** `out` moved from `from` towards itself: 0 is all `from`, 1 leaves it. Soft at both ends. */
export function blended(out: Pose, from: Pose, share: number): Pose {
  if (share >= 1) return out;
  const s = soft(share, 0, 1);
  for (let joint = 0; joint < JOINTS; joint++) {
    const a = from[joint] ?? 0;
    out[joint] = a + ((out[joint] ?? 0) - a) * s;
  }
  return out;
}
