import { describe, expect, it } from "vitest";
import { type Columns, packed, stepped, steppedWide, unpacked, unstepped, unsteppedWide } from "../../../assets/codec.ts";
import type { PartLayout } from "../../../assets/manifest.ts";
import { type Chance, chance } from "../random.ts";

const bytes = (random: Chance, count: number) => Uint8Array.from({ length: count }, () => random.below(256));
const wide = (random: Chance, count: number) => Uint16Array.from({ length: count }, () => random.below(65536));

function part(random: Chance): { layout: PartLayout; columns: Columns } {
  const [points, solid, small] = [1 + random.below(40), 3 * random.below(9), 3 * random.below(9)];
  const [lit, boned] = [random.next() < 0.5, random.next() < 0.5];
  const columns: Columns = {
    positions: wide(random, points * 3),
    normals: new Int8Array(bytes(random, points * 3).buffer),
    colours: bytes(random, points),
    shades: bytes(random, points),
    lamps: bytes(random, lit ? points : 0),
    bones: bytes(random, boned ? points : 0),
    triangles: wide(random, solid + small),
  };
  return { layout: { name: "part", points, solid, small, low: [0, 0, 0], size: [1, 1, 1], lit, boned }, columns };
}

const FLOOR = { width: 6, height: 5 };
const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

describe("codec", () => {
  it.each(SEEDS)("gives back every column as it was (seed %i)", (seed) => {
    const random = chance(seed);
    const parts = Array.from({ length: 1 + random.below(4) }, () => part(random));
    const body = { parts: parts.map(({ columns }) => columns), floor: { shade: bytes(random, 30), lamp: bytes(random, 30) } };
    const layout = parts.map((one) => one.layout);
    expect(unpacked(packed(body), layout, FLOOR)).toEqual(body);
  });

  it("stores steps, so that even slopes become one number", () => {
    expect([...stepped(Uint8Array.of(5, 8, 11, 14))]).toEqual([5, 3, 3, 3]);
    expect([...steppedWide(Uint16Array.of(10, 9, 8))]).toEqual([20, 1, 1, 0, 0, 0]);
  });

  it("wraps round at both ends", () => {
    expect([...unstepped(stepped(Uint8Array.of(255, 0, 255, 1)))]).toEqual([255, 0, 255, 1]);
    expect([...unsteppedWide(steppedWide(Uint16Array.of(65535, 0, 32768, 0, 65535)))]).toEqual([65535, 0, 32768, 0, 65535]);
  });

  it("refuses too few and too many bytes", () => {
    const random = chance(7);
    const { layout, columns } = part(random);
    const whole = packed({ parts: [columns], floor: { shade: bytes(random, 30), lamp: bytes(random, 30) } });
    expect(() => unpacked(whole.subarray(1), [layout], FLOOR)).toThrow(RangeError);
    expect(() => unpacked(Uint8Array.of(...whole, 0), [layout], FLOOR)).toThrow(RangeError);
  });
});
