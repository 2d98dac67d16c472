import { describe, expect, it } from "vitest";
import { cross, type Vec3 } from "../../../assets/matrix.ts";
import { ball, box, capsule, cylinder, joined, lathe, panel, ring, type Shape } from "../../../assets/shapes.ts";

const SHAPES: Readonly<Record<string, Shape>> = {
  box: box(2, 1, 3),
  "bevelled box": box(2, 1, 3, 0.1),
  ball: ball(1, 0.5, 0.8),
  cylinder: cylinder(0.5, 1, 2),
  cone: cylinder(0, 1, 2),
  capsule: capsule(0.3, 1),
  ring: ring(1, 0.2),
};
const OPEN: Readonly<Record<string, Shape>> = {
  panel: panel(2, 1, 4, 3),
  arc: ring(1, 0.2, 9, 5, 2),
  cap: ball(1, 1, 1, 10, 5, 0, 1.2),
  pot: lathe(
    [
      [1, 0],
      [1.2, 1],
      [1, 1],
    ],
    9,
  ),
};

const less = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function* triangles(shape: Shape) {
  for (const [a, b, c] of shape.triangles) {
    const corners = [shape.vertices[a], shape.vertices[b], shape.vertices[c]];
    const [p, q, r] = corners;
    if (!p || !q || !r) throw new Error(`expected corners ${a}, ${b}, ${c} among ${shape.vertices.length} vertices`);
    yield { p, q, r, across: cross(less(q.at, p.at), less(r.at, p.at)) };
  }
}

describe.each(Object.entries({ ...SHAPES, ...OPEN }))("a %s", (_, shape) => {
  it("has normals of length one, on the side its triangles face, and no triangle without area", () => {
    for (const { p, q, r, across } of triangles(shape)) {
      expect(Math.hypot(...across)).toBeGreaterThan(1e-6);
      for (const { normal } of [p, q, r]) expect(Math.hypot(...normal)).toBeCloseTo(1, 5);
      const mean: Vec3 = [
        p.normal[0] + q.normal[0] + r.normal[0],
        p.normal[1] + q.normal[1] + r.normal[1],
        p.normal[2] + q.normal[2] + r.normal[2],
      ];
      expect(dot(across, mean)).toBeGreaterThan(0);
    }
  });
});

describe.each(Object.entries(SHAPES))("a closed %s", (_, shape) => {
  it("has a volume: its triangles all look outwards and leave no hole", () => {
    const edges = new Map<string, number>();
    const name = ([x, y, z]: Vec3) => [x, y, z].map((value) => Math.round(value * 1e4)).join();
    let volume = 0;
    for (const { p, q, r } of triangles(shape)) {
      volume += dot(p.at, cross(q.at, r.at)) / 6;
      for (const [from, to] of [
        [p, q],
        [q, r],
        [r, p],
      ] as const) {
        const [a, b] = [name(from.at), name(to.at)];
        const key = a < b ? `${a} ${b}` : `${b} ${a}`;
        edges.set(key, (edges.get(key) ?? 0) + (a < b ? 1 : -1));
      }
    }
    expect(volume).toBeGreaterThan(0);
    expect([...edges.values()].every((sum) => sum === 0)).toBe(true);
  });
});

describe("shapes", () => {
  it("spend few triangles: 12 on a box, 44 with its edges cut", () => {
    expect(box(1, 1, 1).triangles).toHaveLength(12);
    expect(box(1, 1, 1, 0.1).triangles).toHaveLength(44);
    expect(box(1, 1, 1, 0.1).vertices).toHaveLength(24);
  });

  it("join without mixing up corners", () => {
    const both = joined(panel(1, 1), panel(2, 2));
    expect(both.triangles.at(-1)?.every((corner) => corner >= 4 && corner < 8)).toBe(true);
  });
});
