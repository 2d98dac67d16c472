/** Collects coloured parts into one model: what stands where, in which colour, on which bone. */
import { type Affine, after, IDENTITY, moved, normalUnder, type Vec3 } from "./matrix.ts";
import { blend } from "./palette.ts";
import type { Shape } from "./shapes.ts";

export interface Finish {
  /** How dark the part is at its lowest point; 1 at its top. */
  readonly fade?: number;
  /** What its lowest point is coloured; all of it is of one colour unless said. */
  readonly foot?: string;
  /** The bone that carries it, for people. */
  readonly bone?: number;
  /** Too small to be worth a shadow of its own. */
  readonly small?: boolean;
}

export interface Point {
  readonly at: Vec3;
  readonly normal: Vec3;
  readonly colour: string;
  readonly shade: number;
  readonly bone: number;
}

/** Triangles as indices, three by three: those that cast a shadow, then those that do not. */
export interface Model {
  readonly points: Point[];
  readonly solid: number[];
  readonly small: number[];
}

export interface Modeller {
  readonly model: Model;
  add(shape: Shape, colour: string, at?: Affine, finish?: Finish): void;
  /** Everything `build` adds stands in the frame `at`. */
  within(at: Affine, build: () => void): void;
}

export function modeller(): Modeller {
  const model: Model = { points: [], solid: [], small: [] };
  let frame = IDENTITY;
  return {
    model,
    add(shape, colour, at = IDENTITY, finish = {}) {
      const first = model.points.length;
      const whole = after(frame, at);
      const heights = shape.vertices.map((vertex) => moved(at, vertex.at)[1]);
      const low = Math.min(...heights);
      const rise = Math.max(1e-6, Math.max(...heights) - low);
      const { fade = 1, foot, bone = 0, small = false } = finish;
      shape.vertices.forEach((vertex, index) => {
        const up = ((heights[index] ?? low) - low) / rise;
        model.points.push({
          at: moved(whole, vertex.at),
          normal: normalUnder(whole, vertex.normal),
          colour: foot === undefined ? colour : blend(foot, colour, up),
          shade: fade + (1 - fade) * up,
          bone,
        });
      });
      const list = small ? model.small : model.solid;
      for (const corners of shape.triangles) list.push(...corners.map((index) => index + first));
    },
    within(at, build) {
      const before = frame;
      frame = after(before, at);
      build();
      frame = before;
    },
  };
}
