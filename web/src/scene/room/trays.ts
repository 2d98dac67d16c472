/** Paper in the two trays: what waits on the left, by its logarithm; what each batch has done on the right, in its hue. */
import { BoxGeometry, Color, type InstancedMesh, Matrix4, MeshLambertMaterial } from "three";
import { chance } from "../../../../assets/chance.ts";
import { TRAYS } from "../../../../assets/layout.ts";
import { C, HUES_DAY } from "../../../../assets/palette.ts";
import type { OfficeState } from "../../state/office.ts";
import { tinted } from "./tinted.ts";

const SHEETS = 16;
const THICK = 0.022;

/** Sheets in the in-tray: none for none, then one more for about every half again as much. */
export function sheetsWaiting(waiting: number): number {
  return waiting <= 0 ? 0 : Math.min(SHEETS, 1 + Math.round(Math.log(waiting) * 1.7));
}

/** Which batch's hue each sheet in the out-tray has, oldest at the bottom. */
export function sheetsDone(state: OfficeState): number[] {
  const batches = Object.values(state.batches)
    .filter(({ done }) => done > 0)
    .sort((a, b) => a.order - b.order);
  const total = batches.reduce((sum, { done }) => sum + done, 0);
  const height = sheetsWaiting(total);
  return batches
    .flatMap(({ order, done }) => Array.from({ length: Math.max(1, Math.round((height * done) / total)) }, () => order % HUES_DAY.length))
    .slice(0, SHEETS);
}

export interface Trays {
  readonly mesh: InstancedMesh;
  show(state: OfficeState): void;
}

export function trays(): Trays {
  const mesh = tinted(new BoxGeometry(0.4, THICK * 0.8, 0.3), new MeshLambertMaterial(), SHEETS * 2);
  const random = chance(17);
  const [matrix, turn, paint] = [new Matrix4(), new Matrix4(), new Color()];
  for (const [tray, x] of [TRAYS.inX, TRAYS.outX].entries()) {
    for (let sheet = 0; sheet < SHEETS; sheet++) {
      matrix.makeTranslation(x + (random() - 0.5) * 0.05, TRAYS.top + 0.03 + sheet * THICK, TRAYS.z + (random() - 0.5) * 0.05);
      mesh.setMatrixAt(tray * SHEETS + sheet, matrix.multiply(turn.makeRotationY((random() - 0.5) * 0.3)));
      mesh.setColorAt(tray * SHEETS + sheet, paint.set(C.paper));
    }
  }
  const whole = Array.from({ length: SHEETS * 2 }, (_, index) => {
    mesh.getMatrixAt(index, matrix);
    return matrix.clone();
  });
  const gone = new Matrix4().makeScale(0, 0, 0);
  mesh.receiveShadow = true;
  return {
    mesh,
    show(state) {
      const [waiting, done] = [sheetsWaiting(state.queue.waiting), sheetsDone(state)];
      for (let index = 0; index < SHEETS * 2; index++) {
        const [out, sheet] = [index >= SHEETS, index % SHEETS];
        const there = out ? sheet < done.length : sheet < waiting;
        mesh.setMatrixAt(index, there ? (whole[index] ?? gone) : gone);
        if (out) mesh.setColorAt(index, paint.set(HUES_DAY[done[sheet] ?? 0] ?? C.paper));
      }
      mesh.instanceMatrix.needsUpdate = true;
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
    },
  };
}
