/**
 * The shapes everything is built of: indexed, with smooth normals where a thing is round and no triangle to spare.
 * Written out because three's own are unindexed, heavier, and would tie the models to the web client's packages.
 */
import { unit, type Vec3 } from "./matrix.ts";

export interface Vertex {
  readonly at: Vec3;
  readonly normal: Vec3;
}
export type Triangle = readonly [number, number, number];
export interface Shape {
  readonly vertices: readonly Vertex[];
  readonly triangles: readonly Triangle[];
}

/** A sheet of `columns` x `rows` quads over u, v in 0..1; `u` runs to the left seen from outside, `v` upwards. */
export function sheet(columns: number, rows: number, point: (u: number, v: number) => Vertex): Shape {
  const vertices: Vertex[] = [];
  const triangles: Triangle[] = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) vertices.push(point(column / columns, row / rows));
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corner = row * (columns + 1) + column;
      const above = corner + columns + 1;
      triangles.push([corner, corner + 1, above], [corner + 1, above + 1, above]);
    }
  }
  return tidied({ vertices, triangles });
}

const key = ({ at, normal }: Vertex): string => [...at, ...normal].map((value) => Math.round(value * 2e4)).join();

/** Equal vertices become one, and triangles without area go. */
function tidied(shape: Shape): Shape {
  const known = new Map<string, number>();
  const vertices: Vertex[] = [];
  const renamed = shape.vertices.map((vertex) => {
    const name = key(vertex);
    const index = known.get(name) ?? vertices.push(vertex) - 1;
    known.set(name, index);
    return index;
  });
  const place = shape.vertices.map(({ at }) => at.map((value) => Math.round(value * 2e4)).join());
  const solid = shape.triangles.filter(([a, b, c]) => place[a] !== place[b] && place[b] !== place[c] && place[a] !== place[c]);
  const name = (index: number): number => renamed[index] ?? 0;
  return { vertices, triangles: solid.map(([a, b, c]): Triangle => [name(a), name(b), name(c)]) };
}

export function joined(...shapes: readonly Shape[]): Shape {
  const vertices: Vertex[] = [];
  const triangles: Triangle[] = [];
  for (const shape of shapes) {
    const first = vertices.length;
    vertices.push(...shape.vertices);
    triangles.push(...shape.triangles.map(([a, b, c]): Triangle => [a + first, b + first, c + first]));
  }
  return { vertices, triangles };
}

/** A flat sheet in x and y, facing +z. */
export function panel(width: number, height: number, columns = 1, rows = 1): Shape {
  return sheet(columns, rows, (u, v) => ({ at: [(u - 0.5) * width, (v - 0.5) * height, 0], normal: [0, 0, 1] }));
}

/**
 * A box whose edges are cut off by `bevel`. Each corner has one vertex on each of its three faces, and the cuts run
 * between them, so light rolls over the edge: round to the eye for 44 triangles. Without a bevel it has 12.
 */
export function box(width: number, height: number, depth: number, bevel = 0): Shape {
  const half: Vec3 = [width / 2, height / 2, depth / 2];
  const cut = Math.min(bevel, half[0] * 0.98, half[1] * 0.98, half[2] * 0.98);
  const vertices: Vertex[] = [];
  const signs = [-1, 1] as const;
  for (const x of signs) {
    for (const y of signs) {
      for (const z of signs) {
        const inner: Vec3 = [x * (half[0] - cut), y * (half[1] - cut), z * (half[2] - cut)];
        vertices.push({ at: [x * half[0], inner[1], inner[2]], normal: [x, 0, 0] });
        vertices.push({ at: [inner[0], y * half[1], inner[2]], normal: [0, y, 0] });
        vertices.push({ at: [inner[0], inner[1], z * half[2]], normal: [0, 0, z] });
      }
    }
  }
  return { vertices, triangles: cut > 0 ? [...FACES, ...CUTS] : FACES };
}

/**
 * A slab rounded all about by `radius`, seen from above: its rim from `inner` within the edge, over the edge and down to where it
 * turns under. What lies within and beneath is left out.
 */
export function rim(width: number, height: number, depth: number, radius: number, inner: number, steps = 3): Shape {
  const corners = [0, 1, 2, 3].flatMap((corner) =>
    Array.from({ length: steps + 1 }, (_, step) => ({ corner, angle: ((corner + step / steps) * Math.PI) / 2 })),
  );
  const round = [...corners, { corner: 0, angle: 0 }];
  // From beneath to the top and in: an angle of the bend, and how far within its circle.
  const turns = Array.from({ length: 2 * steps + 1 }, (_, step) => ({
    bend: -Math.PI / 3 + (step / (2 * steps)) * (Math.PI / 2 + Math.PI / 3),
    within: 0,
  }));
  const rows = [...turns, { bend: Math.PI / 2, within: inner }];
  return sheet(round.length - 1, rows.length - 1, (u, v) => {
    const { corner, angle } = round[Math.round((1 - u) * (round.length - 1))] ?? { corner: 0, angle: 0 };
    const { bend, within } = rows[Math.round(v * (rows.length - 1))] ?? { bend: 0, within: 0 };
    const [dx, dz] = [Math.cos(angle), Math.sin(angle)];
    const [sx, sz] = [corner === 0 || corner === 3 ? 1 : -1, corner < 2 ? 1 : -1];
    const out = radius * Math.cos(bend);
    const x = sx * (width / 2 - radius - within) + dx * out;
    const z = sz * (depth / 2 - radius - within) + dz * out;
    const y = (bend > 0 ? 1 : -1) * (height / 2 - radius) + radius * Math.sin(bend);
    return { at: [x, y, z], normal: [dx * Math.cos(bend), Math.sin(bend), dz * Math.cos(bend)] };
  });
}

/** The index of the corner (x, y, z), each 0 or 1, on the face across `axis`. */
const corner = (x: number, y: number, z: number, axis: number): number => (x * 4 + y * 2 + z) * 3 + axis;

/** Two triangles over a quad given in order round it; `flip` where the order runs backwards. */
function quad(a: number, b: number, c: number, d: number, flip: boolean): Triangle[] {
  const turn = (p: number, q: number, r: number): Triangle => (flip ? [p, r, q] : [p, q, r]);
  return [turn(a, b, c), turn(a, c, d)];
}

const FACES: readonly Triangle[] = [0, 1].flatMap((side) => [
  ...quad(corner(side, 0, 0, 0), corner(side, 1, 0, 0), corner(side, 1, 1, 0), corner(side, 0, 1, 0), side === 0),
  ...quad(corner(0, side, 0, 1), corner(0, side, 1, 1), corner(1, side, 1, 1), corner(1, side, 0, 1), side === 0),
  ...quad(corner(0, 0, side, 2), corner(1, 0, side, 2), corner(1, 1, side, 2), corner(0, 1, side, 2), side === 0),
]);

const CUTS: readonly Triangle[] = [0, 1].flatMap((p) =>
  [0, 1].flatMap((q) => [
    ...quad(corner(0, p, q, 1), corner(0, p, q, 2), corner(1, p, q, 2), corner(1, p, q, 1), p !== q),
    ...quad(corner(p, 0, q, 2), corner(p, 0, q, 0), corner(p, 1, q, 0), corner(p, 1, q, 2), p !== q),
    ...quad(corner(p, q, 0, 0), corner(p, q, 0, 1), corner(p, q, 1, 1), corner(p, q, 1, 0), p !== q),
    ...[0, 1].map((r): Triangle => {
      const [a, b, c] = [corner(p, q, r, 0), corner(p, q, r, 1), corner(p, q, r, 2)];
      return (p + q + r) % 2 === 1 ? [a, b, c] : [a, c, b];
    }),
  ]),
);

/** Turns a profile of [radius, height] from bottom to top round the y axis; `hard` keeps its edges. */
export function lathe(profile: readonly (readonly [number, number])[], around: number, hard = false): Shape {
  const bands = profile.slice(1).map((to, index) => ({ from: profile[index] ?? to, to }));
  const slopes = bands.map(({ from, to }): readonly [number, number] => [to[1] - from[1], from[0] - to[0]]);
  const bandNormal = (band: number): readonly [number, number] => slopes[Math.max(0, Math.min(slopes.length - 1, band))] ?? [1, 0];
  const smooth = (at: number): readonly [number, number] => {
    const [a, b] = [bandNormal(at - 1), bandNormal(at)];
    const [la, lb] = [Math.hypot(...a) || 1, Math.hypot(...b) || 1];
    return [a[0] / la + b[0] / lb, a[1] / la + b[1] / lb];
  };
  const rim = (angle: number, radius: number, y: number, n: readonly [number, number]): Vertex => ({
    at: [radius * Math.sin(angle), y, radius * Math.cos(angle)],
    normal: unit([n[0] * Math.sin(angle), n[1], n[0] * Math.cos(angle)]),
  });
  const strips = bands.map(({ from, to }, band) =>
    sheet(around, 1, (u, v) => {
      const n = hard ? bandNormal(band) : smooth(band + v);
      const [radius, y] = v === 0 ? from : to;
      return rim((u === 1 ? 0 : u) * Math.PI * 2, radius, y, n);
    }),
  );
  return tidied(joined(...strips));
}

/** A cylinder or cone round y, with caps, centred. */
export function cylinder(top: number, bottom: number, height: number, around = 12): Shape {
  const h = height / 2;
  return lathe(
    [
      [0, -h],
      [bottom, -h],
      [top, h],
      [0, h],
    ],
    around,
    true,
  );
}

/** An ellipsoid; `from` and `to` are polar angles from the top for caps and bands. */
export function ball(rx: number, ry: number, rz: number, around = 12, bands = 8, from = 0, to = Math.PI): Shape {
  return sheet(around, bands, (u, v) => {
    const [angle, polar] = [(u === 1 ? 0 : u) * Math.PI * 2, to + (from - to) * v];
    const [x, y, z] = [Math.sin(polar) * Math.sin(angle), Math.cos(polar), Math.sin(polar) * Math.cos(angle)];
    return { at: [x * rx, y * ry, z * rz], normal: unit([x / rx, y / ry, z / rz]) };
  });
}

/** A rod with round ends along y, `length` between the centres of its ends. */
export function capsule(radius: number, length: number, around = 8, cap = 3): Shape {
  const arc = Array.from({ length: cap + 1 }, (_, i) => (i / cap) * (Math.PI / 2));
  const low = arc.map((a): [number, number] => [Math.sin(a) * radius, -length / 2 - Math.cos(a) * radius]);
  const high = arc.map((a): [number, number] => [Math.cos(a) * radius, length / 2 + Math.sin(a) * radius]);
  return lathe([...low, ...high], around);
}

/** A ring in x and y, `arc` of a full turn from +x counted against the clock. */
export function ring(radius: number, thickness: number, around = 14, tube = 6, arc = Math.PI * 2): Shape {
  const closed = arc > 6.28;
  return sheet(tube, around, (u, v) => {
    const [turn, along] = [(u === 1 ? 0 : u) * Math.PI * 2, (closed && v === 1 ? 0 : v) * arc];
    const out = Math.cos(turn);
    return {
      at: [(radius + thickness * out) * Math.cos(along), (radius + thickness * out) * Math.sin(along), -thickness * Math.sin(turn)],
      normal: [out * Math.cos(along), out * Math.sin(along), -Math.sin(turn)],
    };
  });
}
