/** Those without a desk, on the stairs: who has just begun goes up, whoever works upstairs is seen against the light. */
import { Color, type InstancedMesh, LatheGeometry, Matrix4, MeshLambertMaterial, Vector2 } from "three";
import { ROOM, STAIRS } from "../../../../assets/layout.ts";
import type { OfficeState } from "../../state/office.ts";
import { tinted } from "./tinted.ts";

const CLIMBERS_MAX = 6;
const STANDING_MAX = 3;
const CLIMB_MS = 2600;
/** The next one sets foot on the stairs so long after the one before. */
const APART_MS = 420;
/** Half a person, from the feet up: [from the middle, over the floor]. */
const OUTLINE = [
  [0.001, 0],
  [0.1, 0.01],
  [0.13, 0.22],
  [0.16, 0.4],
  [0.14, 0.5],
  [0.05, 0.56],
  [0.05, 0.58],
  [0.12, 0.63],
  [0.145, 0.72],
  [0.12, 0.82],
  [0.06, 0.87],
  [0.001, 0.88],
] as const;
const FRONT = ROOM.z0 - 0.2;
const BACK = ROOM.z0 - 0.29 - STAIRS.depth;
const RISE = 1.4;
/** Whoever has come up goes on until the lintel hides them. */
const BEYOND = 1.3;
const SHADE = "#4a3a44";
/** Where in a matrix somebody's lean and place are: written there, for numbers that are handed over are boxed at every render. */
const [LEANS, X, Y, Z] = [4, 12, 13, 14] as const;

export interface Climbers {
  readonly mesh: InstancedMesh;
  /** Says whether somebody is on the stairs. */
  update(state: OfficeState | undefined, now: number, still: boolean): boolean;
}

/** How many are seen upstairs: one for one, then one more for every ten times as many. */
export function standing(count: number): number {
  return count <= 0 ? 0 : count < 10 ? 1 : count < 100 ? 2 : STANDING_MAX;
}

/** Writes how far each of those who began last has climbed, 0 to 1, into `out`; returns how many of them are on the stairs. */
export function climbing(out: Float32Array, state: OfficeState, now: number): number {
  let count = 0;
  let turn = 0;
  for (const id in state.overflow.shown) {
    const person = state.overflow.shown[id];
    if (person === undefined || turn >= CLIMBERS_MAX) continue;
    const ago = now - person.since;
    if (ago > CLIMB_MS + APART_MS * CLIMBERS_MAX) continue;
    const gone = ago - APART_MS * turn;
    turn++;
    if (gone >= 0 && gone < CLIMB_MS) out[count++] = gone / CLIMB_MS;
  }
  return count;
}

export function climbers(): Climbers {
  const body = new LatheGeometry(
    OUTLINE.map(([x, y]) => new Vector2(x, y)),
    10,
  );
  const mesh = tinted(body, new MeshLambertMaterial(), CLIMBERS_MAX + STANDING_MAX);
  // A little broader than deep, as people are.
  const [matrix, shade] = [new Matrix4().makeScale(1.15, 1, 0.85), new Color(SHADE)];
  const at = matrix.elements;
  const shares = new Float32Array(CLIMBERS_MAX);
  for (let index = 0; index < mesh.count; index++) mesh.setColorAt(index, shade);

  function climb(index: number): void {
    const share = shares[index] ?? 0;
    const far = share * (RISE + BEYOND);
    const up = Math.min(far, RISE);
    const stepUp = 0.035 * Math.abs(Math.sin(share * Math.PI * 9));
    at[LEANS] = 0.02 * Math.sin(share * Math.PI * 9);
    at[X] = STAIRS.x + (index % 2 === 0 ? -0.16 : 0.18);
    at[Y] = far + stepUp;
    at[Z] = FRONT + (BACK + 0.16 - FRONT) * (up / RISE);
    mesh.setMatrixAt(mesh.count++, matrix);
  }

  return {
    mesh,
    update(state, now, still) {
      mesh.count = 0;
      const count = state?.overflow.count ?? 0;
      const people = standing(count);
      for (let index = 0; index < people; index++) {
        at[LEANS] = still ? 0 : 0.02 * Math.sin(now / 1400 + index * 2.1);
        at[X] = STAIRS.x + (index - (people - 1) / 2) * 0.38;
        at[Y] = RISE - 0.02;
        at[Z] = BACK + 0.1;
        mesh.setMatrixAt(mesh.count++, matrix);
      }
      const on = still || !state ? 0 : climbing(shares, state, now);
      for (let index = 0; index < on; index++) climb(index);
      mesh.visible = mesh.count > 0;
      mesh.instanceMatrix.needsUpdate = mesh.visible;
      return on > 0;
    },
  };
}
