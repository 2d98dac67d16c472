/** One person in the room: bones moved by a pose, a skin of one mesh, and the light of the monitor on it. */
import { Bone, Color, Skeleton, SkinnedMesh, Vector3 } from "three";
import { JOINT, type Pose } from "../../../../assets/people/poses/joints.ts";
import { BONE, SIZE, SKELETON } from "../../../../assets/people/skeleton.ts";
import { type Lit, personMaterial } from "../room/materials.ts";
import type { Model } from "../room/models.ts";

export interface Worker {
  readonly mesh: SkinnedMesh;
  readonly root: Bone;
  readonly lit: Lit;
  stand(x: number, z: number, heading: number): void;
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

export function worker(index: number, model: Model, own: readonly Bone[], skeleton: Skeleton): Worker {
  const lit: Lit = { glow: { value: new Color(0, 0, 0) }, glowFrom: { value: new Vector3() }, lampHere: { value: 0 } };
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
    stand(x, z, heading) {
      root.position.set(x, 0, z);
      root.rotation.y = heading;
    },
    pose: (joints) => applied(own, joints),
  };
}

function bone(own: readonly Bone[], index: number): Bone {
  const found = own[index];
  if (!found) throw new Error(`expected a bone from 0 to ${SKELETON.length - 1}, got ${index}`);
  return found;
}

function applied(own: readonly Bone[], p: Pose): void {
  const v = (joint: number): number => p[joint] ?? 0;
  const turn = (index: number, x: number, y: number, z: number): void => {
    own[index]?.rotation.set(x, y, z);
  };
  own[BONE.hips]?.position.set(v(J.hipX), v(J.hipY), v(J.hipZ));
  turn(BONE.hips, v(J.hipRx), v(J.hipRy), 0);
  turn(BONE.torso, v(J.torsoRx), v(J.torsoRy), v(J.torsoRz));
  turn(BONE.head, v(J.headRx), v(J.headRy), v(J.headRz));
  turn(BONE.upperArmLeft, v(J.armLx), 0, v(J.armLz));
  turn(BONE.forearmLeft, v(J.foreLx), 0, v(J.foreLz));
  turn(BONE.upperArmRight, v(J.armRx), 0, v(J.armRz));
  turn(BONE.forearmRight, v(J.foreRx), 0, v(J.foreRz));
  turn(BONE.thighLeft, v(J.thighL), 0, 0);
  turn(BONE.shinLeft, v(J.shinL), 0, 0);
  turn(BONE.thighRight, v(J.thighR), 0, 0);
  turn(BONE.shinRight, v(J.shinR), 0, 0);
  face(own, p);
  for (const [index, joint] of HELD) own[index]?.scale.setScalar(Math.max(0.001, v(joint)));
}

const HELD = [
  [BONE.mug, J.mug],
  [BONE.book, J.book],
  [BONE.phone, J.phone],
] as const;

function face(own: readonly Bone[], p: Pose): void {
  own[BONE.eyes]?.scale.setY(p[J.eyes] ?? 1);
  own[BONE.eyes]?.position.setX(GAZE.x * (p[J.gazeX] ?? 0)).setY(EYES_Y + GAZE.y * (p[J.gazeY] ?? 0));
  const fallen = p[J.mouth] ?? 0;
  own[BONE.mouth]?.rotation.set(fallen * Math.PI, 0, 0);
  own[BONE.mouth]?.scale.set(1 - 0.22 * (p[J.talk] ?? 0), 1 + 1.1 * (p[J.talk] ?? 0), 1);
  own[BONE.mouth]?.position.setY(MOUTH_Y - fallen * 0.034);
  const worry = (p[J.brows] ?? 0) * 0.42;
  own[BONE.browLeft]?.rotation.set(0, 0, -worry);
  own[BONE.browRight]?.rotation.set(0, 0, worry);
}
