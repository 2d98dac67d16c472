/** Models as columns of small integers, points ordered so that neighbours in the file are neighbours in the mesh. */
import type { Columns } from "./codec.ts";
import type { PartLayout } from "./manifest.ts";
import type { Vec3 } from "./matrix.ts";
import type { Model, Point } from "./model.ts";

const POSITION_MAX = 65535;
/** Half a millimetre: equal desks far apart become equal numbers, which the packing then finds. */
const STEP = 0.0005;
const SPAN = STEP * POSITION_MAX;
/** Light in 64 steps: finer is not seen and packs badly. */
const LIGHT_STEP = 4;
const NORMAL_MAX = 127;
const AXES = [0, 1, 2] as const;

export interface Baked {
  /** 0 dark to 1 open, for each point. */
  readonly shades: readonly number[];
  /** 0 to 1 as stored, for each point; empty where lamps do not matter. */
  readonly lamps: readonly number[];
}

/** The lowest corner of the points, on a whole step. */
function lowest(points: readonly Point[]): Vec3 {
  const low = (axis: 0 | 1 | 2): number => points.reduce((least, { at }) => Math.min(least, at[axis]), Number.POSITIVE_INFINITY);
  const stepped = (axis: 0 | 1 | 2): number => Math.floor(low(axis) / STEP) * STEP;
  return [stepped(0), stepped(1), stepped(2)];
}

const light = (share: number): number => Math.round((share * 255) / LIGHT_STEP) * LIGHT_STEP;
const byte = (value: number): number => Math.min(255, Math.max(0, value));

/** `palette` grows by the colours met for the first time. */
export function quantised(
  name: string,
  model: Model,
  baked: Baked,
  palette: string[],
  boned: boolean,
): { layout: PartLayout; columns: Columns } {
  const { points } = model;
  const low = lowest(points);
  const size: Vec3 = [SPAN, SPAN, SPAN];
  const lit = baked.lamps.length > 0;
  const column = (value: (point: Point, index: number) => number): number[] =>
    points.map((point, index) => Math.round(value(point, index)));
  const axes = (value: (point: Point, axis: 0 | 1 | 2) => number): number[] =>
    AXES.flatMap((axis) => column((point) => value(point, axis)));
  const columns: Columns = {
    positions: Uint16Array.from(axes((point, axis) => (point.at[axis] - low[axis]) / STEP)),
    normals: Int8Array.from(axes((point, axis) => point.normal[axis] * NORMAL_MAX)),
    colours: Uint8Array.from(column(({ colour }) => indexOf(palette, colour))),
    shades: Uint8Array.from(column((point, index) => byte(light(point.shade * (baked.shades[index] ?? 1))))),
    lamps: Uint8Array.from(lit ? column((_, index) => byte(light(baked.lamps[index] ?? 0))) : []),
    bones: Uint8Array.from(boned ? column(({ bone }) => bone) : []),
    triangles: Uint16Array.from([...model.solid, ...model.small]),
  };
  if (points.length > POSITION_MAX) throw new RangeError(`expected at most ${POSITION_MAX} points in ${name}, got ${points.length}`);
  return { layout: { name, points: points.length, solid: model.solid.length, small: model.small.length, low, size, lit, boned }, columns };
}

function indexOf(palette: string[], colour: string): number {
  const known = palette.indexOf(colour);
  if (known >= 0) return known;
  if (palette.length > 255) throw new RangeError(`expected at most 256 colours, ${colour} is one more`);
  return palette.push(colour) - 1;
}
