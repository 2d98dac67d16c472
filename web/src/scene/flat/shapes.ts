/** Shapes of the flat drawing as SVG text. All of it is made of our own numbers and colours; nothing that a user wrote comes in here. */
import { flatAt } from "./parallel.ts";

export type Corner = readonly [x: number, y: number, z: number];

const digits = (value: number): string => String(Math.round(value * 10) / 10);

export function points(corners: readonly Corner[]): string {
  return corners
    .map((corner) => flatAt(...corner))
    .map(({ x, y }) => `${digits(x)},${digits(y)}`)
    .join(" ");
}

/** A flat piece of the room. `paint` is attributes: a class that day and night colour, or a fill. */
export const piece = (corners: readonly Corner[], paint: string): string => `<polygon points="${points(corners)}" ${paint}/>`;
export const fill = (colour: string): string => `fill="${colour}"`;

/** On the floor, between two corners. */
export const onFloor = (x0: number, z0: number, x1: number, z1: number, paint: string, y = 0): string =>
  piece(
    [
      [x0, y, z0],
      [x1, y, z0],
      [x1, y, z1],
      [x0, y, z1],
    ],
    paint,
  );

/** On the back wall, whose place is z. */
export const onBack = (z: number, x0: number, y0: number, x1: number, y1: number, paint: string): string =>
  piece(
    [
      [x0, y0, z],
      [x1, y0, z],
      [x1, y1, z],
      [x0, y1, z],
    ],
    paint,
  );

/** On the left wall, whose place is x. */
export const onLeft = (x: number, z0: number, y0: number, z1: number, y1: number, paint: string): string =>
  piece(
    [
      [x, y0, z0],
      [x, y0, z1],
      [x, y1, z1],
      [x, y1, z0],
    ],
    paint,
  );

export interface Block {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly z: readonly [number, number];
}

/** The three sides of a block that one sees: top, front, right. */
export function block({ x: [x0, x1], y: [y0, y1], z: [z0, z1] }: Block, top: string, front: string, right: string): string {
  return [
    piece(
      [
        [x0, y0, z1],
        [x1, y0, z1],
        [x1, y1, z1],
        [x0, y1, z1],
      ],
      front,
    ),
    piece(
      [
        [x1, y0, z0],
        [x1, y0, z1],
        [x1, y1, z1],
        [x1, y1, z0],
      ],
      right,
    ),
    piece(
      [
        [x0, y1, z0],
        [x1, y1, z0],
        [x1, y1, z1],
        [x0, y1, z1],
      ],
      top,
    ),
  ].join("");
}

/** A transform that lays what is drawn in units of a metre's hundredth onto a wall: x along it, y down from the corner. */
export function laidOn([x, y, z]: Corner, along: Corner): string {
  const [origin, right, down] = [flatAt(x, y, z), flatAt(x + along[0], y + along[1], z + along[2]), flatAt(x, y - 1, z)];
  const part = (a: number, b: number): string => String(Math.round((a - b) * 100) / 10_000);
  return `matrix(${part(right.x, origin.x)} ${part(right.y, origin.y)} ${part(down.x, origin.x)} ${part(down.y, origin.y)} ${digits(origin.x)} ${digits(origin.y)})`;
}
