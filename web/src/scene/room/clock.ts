/** The hands of the wall clock, at the viewer's own time. */
import { BoxGeometry, Color, type InstancedMesh, Matrix4, MeshLambertMaterial } from "three";
import { CLOCK } from "../../../../assets/layout.ts";
import { C } from "../../../../assets/palette.ts";
import { tinted } from "./tinted.ts";

export interface Hands {
  readonly mesh: InstancedMesh;
  /** Turns the hands to `now`; cheap while the minute stays the same. */
  show(now: number): void;
}

/** Radians clockwise from twelve of the hour hand and the minute hand. */
export function angles(hours: number, minutes: number): readonly [number, number] {
  const turn = Math.PI * 2;
  return [(((hours % 12) + minutes / 60) / 12) * turn, (minutes / 60) * turn];
}

const LENGTHS = [0.12, 0.18] as const;

export function hands(): Hands {
  const mesh = tinted(new BoxGeometry(0.026, 1, 0.012), new MeshLambertMaterial(), 2);
  const [matrix, part] = [new Matrix4(), new Matrix4()];
  mesh.setColorAt(0, new Color(C.dark));
  mesh.setColorAt(1, new Color(C.coral));
  let shown = -1;
  return {
    mesh,
    show(now) {
      const minute = Math.floor(now / 60_000);
      if (minute === shown) return;
      shown = minute;
      const date = new Date(now);
      angles(date.getHours(), date.getMinutes()).forEach((angle, index) => {
        const long = LENGTHS[index] ?? 0.1;
        matrix.makeTranslation(CLOCK.x, CLOCK.y, CLOCK.z + 0.008 * index).multiply(part.makeRotationZ(-angle));
        mesh.setMatrixAt(index, matrix.multiply(part.makeTranslation(0, long / 2 - 0.02, 0)).multiply(part.makeScale(1, long, 1)));
      });
      mesh.instanceMatrix.needsUpdate = true;
    },
  };
}
