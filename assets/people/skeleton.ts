/**
 * The bones of a person. A person is modelled standing at the origin, looking along +z, 1.29 units tall, and is drawn
 * `SIZE` times as large. Left is the person's left: +x.
 */
import type { Vec3 } from "../matrix.ts";

export const SIZE = 1.32;

interface Bone {
  readonly name: string;
  readonly parent: number;
  /** From the parent's joint. */
  readonly at: Vec3;
}

const bone = (name: string, parent: number, x: number, y: number, z: number): Bone => ({ name, parent, at: [x, y, z] });

export const SKELETON: readonly Bone[] = [
  bone("root", -1, 0, 0, 0),
  bone("hips", 0, 0, 0.56, 0),
  bone("torso", 1, 0, 0.06, 0),
  bone("head", 2, 0, 0.44, 0),
  bone("upper-arm-left", 2, 0.235, 0.36, 0),
  bone("forearm-left", 4, 0.02, -0.2, 0),
  bone("upper-arm-right", 2, -0.235, 0.36, 0),
  bone("forearm-right", 6, -0.02, -0.2, 0),
  bone("thigh-left", 1, 0.105, 0, 0),
  bone("shin-left", 8, 0, -0.26, 0),
  bone("thigh-right", 1, -0.105, 0, 0),
  bone("shin-right", 10, 0, -0.26, 0),
  bone("eyes", 3, 0, 0.225, 0.2),
  bone("mouth", 3, 0, 0.128, 0.213),
  bone("brow-left", 3, 0.085, 0.292, 0.205),
  bone("brow-right", 3, -0.085, 0.292, 0.205),
  bone("mug", 7, 0, -0.2, 0.09),
  bone("book", 7, 0.1, -0.2, 0.1),
  bone("phone", 7, 0, -0.22, 0.06),
];

export const BONE = {
  root: 0,
  hips: 1,
  torso: 2,
  head: 3,
  upperArmLeft: 4,
  forearmLeft: 5,
  upperArmRight: 6,
  forearmRight: 7,
  thighLeft: 8,
  shinLeft: 9,
  thighRight: 10,
  shinRight: 11,
  eyes: 12,
  mouth: 13,
  browLeft: 14,
  browRight: 15,
  mug: 16,
  book: 17,
  phone: 18,
} as const;

/** Where a bone's joint is while the person stands straight. */
export function joint(index: number): Vec3 {
  const found = SKELETON[index];
  if (!found) throw new Error(`expected a bone from 0 to ${SKELETON.length - 1}, got ${index}`);
  if (found.parent < 0) return found.at;
  const above = joint(found.parent);
  return [above[0] + found.at[0], above[1] + found.at[1], above[2] + found.at[2]];
}
