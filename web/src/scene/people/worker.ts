/** One person in the room: bones moved by a pose, a skin of one mesh, and the light of the monitor on it. */
import { Bone, Color, Skeleton, SkinnedMesh, Vector3 } from "three";
import { JOINT, type Pose } from "../../../../assets/people/poses/joints.ts";
import { BONE, SIZE, SKELETON } from "../../../../assets/people/skeleton.ts";
import { type Lit, personMaterial } from "../room/materials.ts";
import type { Model } from "../room/models.ts";
import type { Step } from "./graph.ts";

export interface Worker {
  readonly mesh: SkinnedMesh;
  readonly root: Bone;
  readonly lit: Lit;
  stand(at: Step): void;
  pose(joints: Pose): void;
}

const J = JOINT;
const MOUTH_Y = SKELETON[BONE.mouth]?.at[1] ?? 0;
const EYES_Y = SKELETON[BONE.eyes]?.at[1] ?? 0;
/** How far the eyes move on the face. */
const GAZE = { x: 0.016, y: 0.014 } as const;

export function bones(): Bone[] {
  const made = SKELETON.map(({ name, at }) => {
    const bone = new Bone();
    bone.name = name;
    bone.position.set(at[0], at[1], at[2]);
    return bone;
  });
  SKELETON.forEach(({ parent }, index) => {
    const bone = made[index];
    if (bone) made[parent]?.add(bone);
  });
  return made;
}

/** One skeleton for everybody: a single texture of bones instead of ten. */
export function sharedSkeleton(people: readonly Bone[][]): Skeleton {
  for (const [root] of people) root?.updateMatrixWorld(true);
  return new Skeleton(people.flat());
}

/** A number for a shader. A class, for the `value` of plain uniforms may be anything, and a number in it is boxed. */
class Share {
  value = 0.5;
}

export function worker(index: number, model: Model, own: readonly Bone[], skeleton: Skeleton): Worker {
  const lit: Lit = { glow: { value: new Color(0, 0, 0) }, glowFrom: { value: new Vector3() }, lampHere: new Share() };
  const geometry = model.solid;
  const offset = geometry.getAttribute("skinIndex");
  for (let point = 0; point < offset.count; point++) offset.setX(point, offset.getX(point) + index * SKELETON.length);
  const mesh = new SkinnedMesh(geometry, personMaterial(lit, index));
  mesh.castShadow = mesh.receiveShadow = true;
  mesh.frustumCulled = false;
  mesh.bind(skeleton, mesh.matrixWorld);
  const root = bone(own, BONE.root);
  root.scale.setScalar(SIZE);
  return {
    mesh,
    root,
    lit,
    stand(at) {
      root.position.x = at.x;
      root.position.z = at.z;
      root.rotation.y = at.heading;
    },
    pose(joints) {
      turn(own, joints);
      hold(own, joints);
      look(own, joints);
      speak(own[BONE.mouth], joints);
    },
  };
}

function bone(own: readonly Bone[], index: number): Bone {
  const found = own[index];
  if (!found) throw new Error(`expected a bone from 0 to ${SKELETON.length - 1}, got ${index}`);
  return found;
}

/** No joint turns it about this axis. */
const FIXED = -1;

/**
 * Bones, and the joints that turn them about x, y and z. Gone through in a loop, as code that is small enough to be compiled as
 * one piece: angles that are handed from one piece to another are boxed, for ten people at every render.
 */
const TURNED = [
  { bone: BONE.hips, x: J.hipRx, y: J.hipRy, z: FIXED },
  { bone: BONE.torso, x: J.torsoRx, y: J.torsoRy, z: J.torsoRz },
  { bone: BONE.head, x: J.headRx, y: J.headRy, z: J.headRz },
  { bone: BONE.upperArmLeft, x: J.armLx, y: FIXED, z: J.armLz },
  { bone: BONE.forearmLeft, x: J.foreLx, y: FIXED, z: J.foreLz },
  { bone: BONE.upperArmRight, x: J.armRx, y: FIXED, z: J.armRz },
  { bone: BONE.forearmRight, x: J.foreRx, y: FIXED, z: J.foreRz },
  { bone: BONE.thighLeft, x: J.thighL, y: FIXED, z: FIXED },
  { bone: BONE.shinLeft, x: J.shinL, y: FIXED, z: FIXED },
  { bone: BONE.thighRight, x: J.thighR, y: FIXED, z: FIXED },
  { bone: BONE.shinRight, x: J.shinR, y: FIXED, z: FIXED },
] as const;

const HELD = [
  { bone: BONE.mug, joint: J.mug },
  { bone: BONE.book, joint: J.book },
  { bone: BONE.phone, joint: J.phone },
] as const;

function turn(own: readonly Bone[], p: Pose): void {
  for (let index = 0; index < TURNED.length; index++) {
    const { bone, x, y, z } = TURNED[index] as (typeof TURNED)[number];
    own[bone]?.rotation.set(x < 0 ? 0 : (p[x] ?? 0), y < 0 ? 0 : (p[y] ?? 0), z < 0 ? 0 : (p[z] ?? 0));
  }
  own[BONE.hips]?.position.set(p[J.hipX] ?? 0, p[J.hipY] ?? 0, p[J.hipZ] ?? 0);
}

/** Shows what somebody holds. */
function hold(own: readonly Bone[], p: Pose): void {
  for (let index = 0; index < HELD.length; index++) {
    const { bone, joint } = HELD[index] as (typeof HELD)[number];
    own[bone]?.scale.setScalar(Math.max(0.001, p[joint] ?? 0));
  }
}

function look(own: readonly Bone[], p: Pose): void {
  const eyes = own[BONE.eyes];
  const worry = (p[J.brows] ?? 0) * 0.42;
  own[BONE.browLeft]?.rotation.set(0, 0, -worry);
  own[BONE.browRight]?.rotation.set(0, 0, worry);
  if (!eyes) return;
  eyes.scale.y = p[J.eyes] ?? 1;
  eyes.position.x = GAZE.x * (p[J.gazeX] ?? 0);
  eyes.position.y = EYES_Y + GAZE.y * (p[J.gazeY] ?? 0);
}

function speak(mouth: Bone | undefined, p: Pose): void {
  const fallen = p[J.mouth] ?? 0;
  const open = p[J.talk] ?? 0;
  mouth?.rotation.set(fallen * Math.PI, 0, 0);
  mouth?.scale.set(1 - 0.22 * open, 1 + 1.1 * open, 1);
  if (mouth) mouth.position.y = MOUTH_Y - fallen * 0.034;
}
