/** A small clock on the desk of everybody who waits: its hand goes round to twelve, where the wait is over. */
import { Color, CylinderGeometry, type InstancedMesh, Matrix4, MeshLambertMaterial } from "three";
import { DESK, DESKS } from "../../../../assets/layout.ts";
import { C } from "../../../../assets/palette.ts";
import type { OfficeState } from "../../state/office.ts";
import { tinted } from "./tinted.ts";

/** One turn of the hand. */
const ROUND_MS = 60_000;
/** Waits that are longer show a whole round. */
const RADIUS = 0.15;
const DEPTH = 0.06;
/** On the desk, turned to where the room is looked at from. */
const AT = { x: 0.16, z: 0.16, turn: 0.58, tilt: -0.32 } as const;
const HAND = { x: 0.018, y: 0.115, z: 0.02 } as const;
const PARTS = 4;

export interface Timers {
  readonly mesh: InstancedMesh;
  /** Says whether one is seen. */
  update(state: OfficeState | undefined, now: number): boolean;
}

/** The hand's angle from twelve, counted against the clock: what is left of a wait. */
export function left(until: number, now: number): number {
  return (Math.max(0, Math.min(ROUND_MS, until - now)) / ROUND_MS) * 2 * Math.PI;
}

export function timers(): Timers {
  // Rim, face, hand and middle are the same drum, scaled; so they are one draw call.
  const drum = new CylinderGeometry(1, 1, 1, 20).rotateX(Math.PI / 2);
  const mesh = tinted(drum, new MeshLambertMaterial(), DESKS.length * PARTS);
  const [frame, part, turn] = [new Matrix4(), new Matrix4(), new Matrix4()];
  const colours = [new Color(C.mustard), new Color(C.trim), new Color(C.coral), new Color(C.dark)];

  function add(kind: number, x: number, y: number, z: number): void {
    mesh.setColorAt(mesh.count, colours[kind] ?? (colours[0] as Color));
    mesh.setMatrixAt(mesh.count++, part.premultiply(frame).multiply(turn.makeScale(x, y, z)));
  }

  function clock(desk: number, angle: number): void {
    const spot = DESKS[desk];
    if (!spot) return;
    frame.makeTranslation(spot.x + AT.x, DESK.top + RADIUS, spot.z + AT.z);
    frame.multiply(turn.makeRotationY(AT.turn)).multiply(turn.makeRotationX(AT.tilt));
    part.identity();
    add(0, RADIUS, RADIUS, DEPTH);
    part.makeTranslation(0, 0, DEPTH / 2);
    add(1, RADIUS * 0.82, RADIUS * 0.82, 0.012);
    part.makeRotationZ(angle).multiply(turn.makeTranslation(0, HAND.y / 2, DEPTH / 2 + 0.012));
    add(2, HAND.x, HAND.y / 2, HAND.z / 2);
    part.makeTranslation(0, 0, DEPTH / 2 + 0.016);
    add(3, 0.024, 0.024, HAND.z);
  }

  return {
    mesh,
    update(state, now) {
      mesh.count = 0;
      for (let desk = 0; desk < DESKS.length; desk++) {
        const found = state?.desks[desk];
        if (found?.activity === "waiting" && found.until !== undefined) clock(desk, left(found.until, now));
      }
      mesh.visible = mesh.count > 0;
      mesh.instanceMatrix.needsUpdate = mesh.visible;
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = mesh.visible;
      return mesh.visible;
    },
  };
}
