/** Where points of the room fall on the flat drawing: a parallel view, at the angles of the cards that the server paints. Pure. */
import type { Rect } from "../contract.ts";
import type { Point } from "../plates/boxes.ts";
import { OUTLINE } from "../view/fit.ts";

const [AZIMUTH, PITCH] = [(41 * Math.PI) / 180, (28 * Math.PI) / 180];
const [SA, CA, SP, CP] = [Math.sin(AZIMUTH), Math.cos(AZIMUTH), Math.sin(PITCH), Math.cos(PITCH)];
/** Units of the drawing to a metre. */
export const UNIT = 100;
/** Left free on every side, as a share of the free rectangle. */
const MARGIN = 0.03;

/** A point of the room, in units of the drawing, x to the right and y down. */
export function flatAt(x: number, y: number, z: number): Point {
  return { x: (x * CA - z * SA) * UNIT, y: ((x * SA + z * CA) * SP - y * CP) * UNIT };
}

/** How near to the viewer a place of the floor is: what is nearer is drawn later. */
export const nearness = (x: number, z: number): number => x * SA + z * CA;

/** How the drawing is put onto the page. */
export interface Placing {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** All of the room in the middle of a rectangle, as large as it goes. */
export function placed({ x, y, width, height }: Rect): Placing {
  const seen = OUTLINE.map((point) => flatAt(...point));
  const span = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];
  const [left, right] = span(seen.map((point) => point.x));
  const [top, foot] = span(seen.map((point) => point.y));
  const scale = Math.min(width / (right - left), height / (foot - top)) * (1 - 2 * MARGIN);
  return { scale, x: x + width / 2 - ((left + right) / 2) * scale, y: y + height / 2 - ((top + foot) / 2) * scale };
}

export function onPage({ scale, x: left, y: top }: Placing, x: number, y: number, z: number): Point {
  const point = flatAt(x, y, z);
  return { x: left + point.x * scale, y: top + point.y * scale };
}
