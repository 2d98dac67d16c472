import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { blend, darker, HUES_DAY, HUES_NIGHT, rgb } from "../../../assets/palette.ts";

const tokens = readFileSync(new URL("../../src/ui/tokens.css", import.meta.url), "utf8");
const [day = "", night = ""] = tokens.split(".night");
const huesIn = (block: string) => [..."abcdefgh"].map((letter) => new RegExp(`--hue-${letter}: (#[0-9a-f]{6})`).exec(block)?.[1]);

describe("palette", () => {
  it("has the same hues as the interface, by day and by night", () => {
    expect(huesIn(day)).toEqual([...HUES_DAY]);
    expect(huesIn(night)).toEqual([...HUES_NIGHT]);
  });

  it("blends channel by channel", () => {
    expect(rgb("#102030")).toEqual([16, 32, 48]);
    expect(blend("#000000", "#ffffff", 0.5)).toBe("#808080");
    expect(darker("#ffffff", 1)).toBe("#000000");
  });
});
