/** Going after somebody: a spot that comes up behind theirs softly, so that sitting down or turning round does not jerk the picture. Pure but for its clock. */

/** How fast it catches up: after this time two thirds of the way are done. */
const SOFT_MS = 140;
/** Nearer than this, in metres, it is there. */
const THERE = 0.004;

export interface Chase {
  readonly x: number;
  readonly z: number;
  /** Where they are now. */
  track(x: number, z: number): void;
  advance(at: number): void;
  /** Whether it still has to come up. */
  behind(): boolean;
}

/** @param softly false: it is always where they are, for people who asked for little motion */
export function chase(start: { readonly x: number; readonly z: number }, steady: () => number, softly: boolean): Chase {
  let { x, z } = start;
  let [goalX, goalZ, last] = [x, z, steady()];
  const behind = (): boolean => Math.abs(goalX - x) > THERE || Math.abs(goalZ - z) > THERE;
  return {
    get x() {
      return x;
    },
    get z() {
      return z;
    },
    track(nextX, nextZ) {
      goalX = nextX;
      goalZ = nextZ;
      if (softly) return;
      x = goalX;
      z = goalZ;
    },
    advance(at) {
      const share = behind() ? 1 - Math.exp(-Math.max(0, at - last) / SOFT_MS) : 1;
      last = at;
      x += (goalX - x) * share;
      z += (goalZ - z) * share;
    },
    behind,
  };
}
