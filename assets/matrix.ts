/**
 * Placing parts while modelling: an affine map as three axes and an origin.
 * Euler angles turn in the order x, y, z, as three does it, so models and bones agree.
 */
export type Vec3 = readonly [x: number, y: number, z: number];

export interface Affine {
  readonly x: Vec3;
  readonly y: Vec3;
  readonly z: Vec3;
  readonly origin: Vec3;
}

export interface Turn {
  readonly rx?: number;
  readonly ry?: number;
  readonly rz?: number;
  /** One factor, or one for each axis. */
  readonly scale?: number | Vec3;
}

export const IDENTITY: Affine = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1], origin: [0, 0, 0] };

const times = (v: Vec3, k: number): Vec3 => [v[0] * k, v[1] * k, v[2] * k];

/** Scaled, then turned, then moved to (x, y, z). */
export function place(x: number, y: number, z: number, turn: Turn = {}): Affine {
  const { rx = 0, ry = 0, rz = 0, scale = 1 } = turn;
  const [a, b, c, d] = [Math.cos(rx), Math.sin(rx), Math.cos(ry), Math.sin(ry)];
  const [e, f] = [Math.cos(rz), Math.sin(rz)];
  const [sx, sy, sz] = typeof scale === "number" ? [scale, scale, scale] : scale;
  return {
    x: times([c * e, a * f + b * e * d, b * f - a * e * d], sx),
    y: times([-c * f, a * e - b * f * d, b * e + a * f * d], sy),
    z: times([d, -b * c, a * c], sz),
    origin: [x, y, z],
  };
}

/** The direction `v` in the map's outer space (no translation). */
export function turned(m: Affine, v: Vec3): Vec3 {
  return [
    m.x[0] * v[0] + m.y[0] * v[1] + m.z[0] * v[2],
    m.x[1] * v[0] + m.y[1] * v[1] + m.z[1] * v[2],
    m.x[2] * v[0] + m.y[2] * v[1] + m.z[2] * v[2],
  ];
}

/** The point `v` in the map's outer space. */
export function moved(m: Affine, v: Vec3): Vec3 {
  const [x, y, z] = turned(m, v);
  return [x + m.origin[0], y + m.origin[1], z + m.origin[2]];
}

/** First `inner`, then `outer`. */
export function after(outer: Affine, inner: Affine): Affine {
  return {
    x: turned(outer, inner.x),
    y: turned(outer, inner.y),
    z: turned(outer, inner.z),
    origin: moved(outer, inner.origin),
  };
}

export function unit(v: Vec3): Vec3 {
  const length = Math.hypot(v[0], v[1], v[2]);
  return length < 1e-9 ? [0, 1, 0] : times(v, 1 / length);
}

/** A normal under `m`: the axes' cross products, so that uneven scales keep it upright on its surface. */
export function normalUnder(m: Affine, n: Vec3): Vec3 {
  const [yz, zx, xy] = [cross(m.y, m.z), cross(m.z, m.x), cross(m.x, m.y)];
  return unit([
    yz[0] * n[0] + zx[0] * n[1] + xy[0] * n[2],
    yz[1] * n[0] + zx[1] * n[1] + xy[1] * n[2],
    yz[2] * n[0] + zx[2] * n[1] + xy[2] * n[2],
  ]);
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
