import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import builtFacts from "../../../assets/built/facts.json";
import built from "../../../assets/built/manifest.json";
import { unpacked } from "../../../assets/codec.ts";
import { facts } from "../../../assets/facts.ts";
import { ROOM } from "../../../assets/layout.ts";
import type { Manifest } from "../../../assets/manifest.ts";
import { PEOPLE } from "../../../assets/people/looks.ts";
import { SKELETON } from "../../../assets/people/skeleton.ts";
import { bytesHash, sourcesHash } from "../../../assets/sources.ts";
import budget from "../scene/budget.json";

const root = fileURLToPath(new URL("../../../assets", import.meta.url));
const binary = new Uint8Array(readFileSync(`${root}/built/office.bin`));
const manifest = built as unknown as Manifest;
const body = unpacked(new Uint8Array(inflateRawSync(binary)), manifest.parts, manifest.floor);

describe("the built models", () => {
  it("are those of the sources as they stand: else run make assets", () => {
    expect(manifest.sources).toBe(sourcesHash(root));
    expect(manifest.binary).toBe(bytesHash(binary));
  });

  it("come with the measures and colours that the painter reads: else run make assets", () => {
    expect(builtFacts).toEqual(JSON.parse(JSON.stringify(facts)));
  });

  it("stay within their share of the first load", () => {
    expect(binary.length).toBeLessThanOrEqual(budget.binary);
  });

  it("stay within the triangles of a render, the shadow pass included", () => {
    const triangles = manifest.parts.reduce((sum, { solid, small }) => sum + (2 * solid + small) / 3, 0);
    expect(triangles).toBeLessThan(budget.triangles * 0.9);
  });

  it("hold the office, what shines, and ten people", () => {
    const people = Array.from({ length: PEOPLE }, (_, index) => `person-${index}`);
    expect(manifest.parts.map(({ name }) => name)).toEqual(["office", "panes", "shades", "upstairs", "neon", ...people]);
  });

  it("point only at points, colours and bones that exist", () => {
    for (const [index, part] of manifest.parts.entries()) {
      const columns = body.parts[index];
      expect(columns?.triangles.every((corner) => corner < part.points)).toBe(true);
      expect(columns?.colours.every((colour) => colour < manifest.colours.length)).toBe(true);
      expect(columns?.bones.every((bone) => bone < SKELETON.length)).toBe(true);
    }
  });

  it("reach no further than the room and its slab", () => {
    const [office] = manifest.parts;
    expect(office?.low[0]).toBeCloseTo(ROOM.x0 - 0.35, 1);
    expect(office?.low[1]).toBeGreaterThan(-0.6);
  });
});
