import { describe, expect, it } from "vitest";
import { FLOOR_LAMPS, ROOM } from "../../../../assets/layout.ts";
import { SKELETON } from "../../../../assets/people/skeleton.ts";
import { manifest, modelsIn } from "../../../src/scene/room/models.ts";
import { builtModels } from "../models.ts";

const models = builtModels();

describe("models", () => {
  it("give the office in metres, with colours, occlusion and lamplight for every point", () => {
    const { solid, small } = models.part("office");
    solid.computeBoundingBox();
    expect(solid.boundingBox?.min.x).toBeCloseTo(ROOM.x0 - 0.35, 1);
    expect(solid.boundingBox?.max.y).toBeGreaterThan(ROOM.height);
    const points = manifest.parts[0]?.points;
    for (const name of ["position", "normal", "color", "shade", "lamplight"]) {
      expect(solid.getAttribute(name).count).toBe(points);
      expect(small.getAttribute(name)).toBe(solid.getAttribute(name));
    }
  });

  it("light the floor under a lamp more than the room on the whole", () => {
    const { lamp, width, height } = models.floor;
    const at = (x: number, z: number) => {
      const column = Math.floor(((x - ROOM.x0) / (ROOM.x1 - ROOM.x0)) * width);
      const row = Math.floor(((z - ROOM.z0) / (ROOM.z1 - ROOM.z0)) * height);
      return lamp[row * width + column] ?? 0;
    };
    const mean = lamp.reduce((sum, value) => sum + value, 0) / lamp.length;
    for (const { x, z } of FLOOR_LAMPS) expect(at(x > 0 ? x - 0.5 : x + 0.4, z)).toBeGreaterThan(mean * 1.15);
  });

  it("hang every point of a person on one bone", () => {
    const { solid } = models.part("person-3");
    const [bones, weights] = [solid.getAttribute("skinIndex"), solid.getAttribute("skinWeight")];
    const used = new Set<number>();
    for (let point = 0; point < bones.count; point++) {
      used.add(bones.getX(point));
      expect(weights.getX(point)).toBe(1);
    }
    expect(Math.max(...used)).toBeLessThan(SKELETON.length);
    expect(used.size).toBeGreaterThan(12);
  });

  it("map the floor's light from wall to wall", () => {
    const { width, height, shade, lamp } = models.floor;
    expect(shade).toHaveLength(width * height);
    expect(lamp).toHaveLength(width * height);
    expect(new Set(shade).size).toBeGreaterThan(20);
  });

  it("refuse bytes of another manifest, and parts nobody built", () => {
    expect(() => modelsIn(new Uint8Array(10))).toThrow(RangeError);
    expect(() => models.part("elephant")).toThrow("elephant");
  });
});
