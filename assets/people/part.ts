/** Adds a part where it sits on its bone: coordinates count from the bone's joint. */
import { after, place, type Turn } from "../matrix.ts";
import type { Modeller } from "../model.ts";
import type { Shape } from "../shapes.ts";
import { joint } from "./skeleton.ts";

export type Attach = (shape: Shape, colour: string, bone: number, x: number, y: number, z: number, turn?: Turn, fade?: number) => void;

export const attachTo =
  (m: Modeller): Attach =>
  (shape, colour, bone, x, y, z, turn = {}, fade = 1) => {
    const [jx, jy, jz] = joint(bone);
    m.add(shape, colour, after(place(jx, jy, jz), place(x, y, z, turn)), { bone, fade });
  };
