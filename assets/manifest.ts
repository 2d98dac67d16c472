/** What the built binary holds and how it is laid out; the build writes it, the scene reads it. */
import type { Vec3 } from "./matrix.ts";

export interface PartLayout {
  readonly name: string;
  readonly points: number;
  /** Indices of triangles that cast a shadow, then of those that do not. */
  readonly solid: number;
  readonly small: number;
  /** Positions are 16-bit steps from `low` over `size`, in metres. */
  readonly low: Vec3;
  readonly size: Vec3;
  /** Carries the light of the lamps. */
  readonly lit: boolean;
  /** Carries a bone for each point. */
  readonly boned: boolean;
}

export interface Manifest {
  readonly format: 1;
  /** SHA-256 over the sources of the models, and over the binary. */
  readonly sources: string;
  readonly binary: string;
  readonly colours: readonly string[];
  readonly floor: { readonly width: number; readonly height: number };
  readonly parts: readonly PartLayout[];
}

/** Light of the lamps is stored as the square root of this share. */
export const LAMPLIGHT_MAX = 4;
