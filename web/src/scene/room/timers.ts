/** A small clock on the desk of everybody who waits: its hand goes round to twelve, where the wait is over. */
import { Color, CylinderGeometry, type InstancedMesh, Matrix4, MeshLambertMaterial } from "three";
import { DESK, DESKS } from "../../../../assets/layout.ts";
import { C } from "../../../../assets/palette.ts";
import type { Desk, OfficeState } from "../../state/office.ts";
import { factsOf } from "../people/facts.ts";
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

interface Dial {
  /** Where it stands. */
  readonly frame: Matrix4;
  /** Rim, face and middle, which stand still. */
  readonly parts: readonly Matrix4[];
}

function dial({ x, z }: { readonly x: number; readonly z: number }): Dial {
  const [frame, turn] = [new Matrix4(), new Matrix4()];
  frame.makeTranslation(x + AT.x, DESK.top + RADIUS, z + AT.z);
  frame.multiply(turn.makeRotationY(AT.turn)).multiply(turn.makeRotationX(AT.tilt));
  const part = (ahead: number, wide: number, deep: number): Matrix4 =>
    new Matrix4()
      .makeTranslation(0, 0, ahead)
      .premultiply(frame)
      .multiply(turn.makeScale(wide, wide, deep));
  return { frame, parts: [part(0, RADIUS, DEPTH), part(DEPTH / 2, RADIUS * 0.82, 0.012), part(DEPTH / 2 + 0.016, 0.024, HAND.z)] };
}

export function timers(): Timers {
  // Rim, face, middle and hand are the same drum, scaled; so they are one draw call.
  const drum = new CylinderGeometry(1, 1, 1, 20).rotateX(Math.PI / 2);
  const mesh = tinted(drum, new MeshLambertMaterial(), DESKS.length * PARTS);
  const dials = DESKS.map(dial);
  const hand = new Matrix4().makeTranslation(0, 0, DEPTH / 2 + 0.012);
  const at = hand.elements;
  const colours = [C.mustard, C.trim, C.dark, C.coral].map((paint) => new Color(paint));
  for (let index = 0; index < mesh.count; index++) mesh.setColorAt(index, colours[index % PARTS] as Color);

  /** Turns the hand, in the matrix itself: numbers that are handed over are boxed, at every render. */
  function point(desk: Desk, now: number): void {
    const angle = left(factsOf(desk).until, now);
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    at[0] = c * HAND.x;
    at[1] = s * HAND.x;
    at[4] = (-s * HAND.y) / 2;
    at[5] = (c * HAND.y) / 2;
    at[10] = HAND.z / 2;
    at[12] = (-s * HAND.y) / 2;
    at[13] = (c * HAND.y) / 2;
    at[14] = DEPTH / 2 + 0.012;
  }

  function clock({ frame, parts }: Dial, desk: Desk, now: number): void {
    for (let part = 0; part < parts.length; part++) mesh.setMatrixAt(mesh.count++, parts[part] as Matrix4);
    point(desk, now);
    mesh.setMatrixAt(mesh.count++, hand.premultiply(frame));
    at[2] = at[6] = at[8] = at[9] = 0;
  }

  return {
    mesh,
    update(state, now) {
      mesh.count = 0;
      for (let desk = 0; desk < dials.length; desk++) {
        const found = state?.desks[desk];
        if (found?.activity === "waiting" && factsOf(found).until > 0) clock(dials[desk] as Dial, found, now);
      }
      mesh.visible = mesh.count > 0;
      mesh.instanceMatrix.needsUpdate = mesh.visible;
      return mesh.visible;
    },
  };
}
