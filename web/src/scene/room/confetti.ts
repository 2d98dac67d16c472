/** Confetti over everybody who cheers, in the hue of the batch that they worked for: one draw call, a pure function of the moment. */
import { BoxGeometry, Color, Euler, type InstancedMesh, Matrix4, MeshLambertMaterial, Quaternion, Vector3 } from "three";
import { chance } from "../../../../assets/chance.ts";
import type { Role } from "../people/cast.ts";
import { tinted } from "./tinted.ts";

const PIECES = 48;
const CHEERING_MAX = 10;
/** Thrown up from the hands at `FROM_S`, down on the floor at the latest a good second later. */
const FROM_S = 0.3;
const RISE = 3.4;
const WEIGHT = 5.6;
const AIR = 1.5;
const FLOOR = 0.05;
/** A piece lies for as long as the cheer lasts. */
const HAND_Y = 1.7;

export interface Confetti {
  readonly mesh: InstancedMesh;
  /** Shows it over each role that cheers; says whether there is any. */
  update(roles: readonly Role[], hue: (desk: number) => Color): boolean;
}

/** Paler and darker pieces of one hue, and some of plain paper. */
function shades(hue: Color, out: Color[]): void {
  for (let index = 0; index < out.length; index++) {
    const colour = out[index] as Color;
    if (index === 3) colour.copy(CREAM);
    else if (index === 4) colour.copy(hue).lerp(PAPER, 0.55);
    else colour.copy(hue).multiplyScalar(1 - index * 0.14);
  }
}
const PAPER = new Color("#ffffff");
const CREAM = new Color("#fff3e0");

/** Where a piece flies to from the hands, a share of how far any does, how it spins and how late it is. */
interface Seed {
  readonly dx: number;
  readonly dz: number;
  readonly up: number;
  readonly spin: number;
  readonly late: number;
}

export function confetti(): Confetti {
  const mesh = tinted(new BoxGeometry(0.07, 0.11, 0.006), new MeshLambertMaterial(), PIECES * CHEERING_MAX);
  const random = chance(5);
  const seeds = Array.from({ length: PIECES }, () => {
    const [around, far] = [random() * 2 * Math.PI, Math.sqrt(random())];
    return {
      dx: Math.cos(around) * far,
      dz: Math.sin(around) * far,
      up: 0.55 + 0.45 * random(),
      spin: random() * 6,
      late: random() * 0.35,
    };
  });
  const paint = Array.from({ length: 5 }, () => new Color());
  const painted = Array.from({ length: CHEERING_MAX }, () => new Color(-1, -1, -1));
  const [matrix, at, turn, euler, size] = [new Matrix4(), new Vector3(), new Quaternion(), new Euler(), new Vector3(1, 1, 1)];
  mesh.visible = false;

  /** A throw with drag: quick away from the hands, then it floats down. */
  function burst(first: number, { x, z, seconds }: Role): void {
    for (let index = 0; index < seeds.length; index++) {
      const { dx, dz, up, spin, late } = seeds[index] as Seed;
      const t = seconds - FROM_S - late;
      const gone = 1 - Math.exp(-AIR * Math.max(0, t));
      const y = HAND_Y + (RISE * up * gone) / AIR - Math.max(0, t - gone / AIR) * (WEIGHT / AIR) * 0.42;
      at.x = x + dx * 1.15 * gone;
      at.y = Math.max(FLOOR, y);
      at.z = z + dz * 1.15 * gone;
      const flat = y < FLOOR;
      turn.setFromEuler(euler.set(flat ? Math.PI / 2 : t * 7 + spin, flat ? spin : spin * 2 + t * 5, 0));
      size.setScalar(t > 0 ? 1 : 0);
      mesh.setMatrixAt(first + index, matrix.compose(at, turn, size));
    }
  }

  /** Pieces keep the colours that they have: a cheer is of one batch. */
  function colour(cheer: number, hue: Color): void {
    const known = painted[cheer] as Color;
    if (known.equals(hue)) return;
    known.copy(hue);
    shades(hue, paint);
    const first = cheer * PIECES;
    for (let index = 0; index < PIECES; index++) mesh.setColorAt(first + index, paint[index % paint.length] ?? PAPER);
    if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
  }

  return {
    mesh,
    update(roles, hue) {
      let cheering = 0;
      for (let desk = 0; desk < roles.length; desk++) {
        const role = roles[desk];
        if (role?.clip !== "cheer" || cheering >= CHEERING_MAX) continue;
        burst(cheering * PIECES, role);
        colour(cheering, hue(desk));
        cheering++;
      }
      mesh.count = cheering * PIECES;
      mesh.visible = cheering > 0;
      if (cheering > 0) mesh.instanceMatrix.needsUpdate = true;
      return cheering > 0;
    },
  };
}
