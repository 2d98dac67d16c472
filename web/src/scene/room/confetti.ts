/** Confetti over everybody who cheers: one draw call, a pure function of the moment. */
import { BoxGeometry, Color, Euler, InstancedMesh, Matrix4, MeshLambertMaterial, Quaternion, Vector3 } from "three";
import { chance } from "../../../../assets/chance.ts";
import { CONFETTI } from "../../../../assets/palette.ts";
import type { Role } from "../people/cast.ts";

const PIECES = 44;
const CHEERING_MAX = 10;
const FALL_MS = 2600;

export interface Confetti {
  readonly mesh: InstancedMesh;
  /** Shows it over each role that cheers; says whether there is any. */
  update(roles: readonly Role[]): boolean;
}

export function confetti(): Confetti {
  const mesh = new InstancedMesh(new BoxGeometry(0.07, 0.11, 0.006), new MeshLambertMaterial(), PIECES * CHEERING_MAX);
  const random = chance(5);
  const seeds = Array.from({ length: PIECES }, () => [random() * 2 - 1, random(), random() * 2 - 1, random() * 6] as const);
  const paint = new Color();
  for (let index = 0; index < PIECES * CHEERING_MAX; index++)
    mesh.setColorAt(index, paint.set(CONFETTI[index % CONFETTI.length] ?? CONFETTI[0]));
  const [matrix, at, turn, euler, size] = [new Matrix4(), new Vector3(), new Quaternion(), new Euler(), new Vector3(1, 1, 1)];
  mesh.frustumCulled = false;
  mesh.visible = false;

  function burst(first: number, { x, z, seconds }: Role): void {
    seeds.forEach(([dx, lead, dz, spin], index) => {
      const fall = ((((seconds * 1000) / FALL_MS + lead) % 1) + 1) % 1;
      const spread = 0.85 * Math.sqrt(fall + 0.1);
      at.set(x + dx * spread, 2.6 - fall * 2.5, z + dz * spread);
      turn.setFromEuler(euler.set(seconds * 4 + spin, spin * 2 + seconds * 3, 0));
      mesh.setMatrixAt(first + index, matrix.compose(at, turn, size));
    });
  }

  return {
    mesh,
    update(roles) {
      let cheering = 0;
      for (const role of roles) {
        if (role.clip !== "cheer" || cheering >= CHEERING_MAX) continue;
        burst(cheering * PIECES, role);
        cheering++;
      }
      mesh.count = cheering * PIECES;
      mesh.visible = cheering > 0;
      if (cheering > 0) mesh.instanceMatrix.needsUpdate = true;
      return cheering > 0;
    },
  };
}
