import { describe, expect, it } from "vitest";
import { faultAt } from "../../../src/ui/submit/jsonplace.ts";
import { chance } from "../../random.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("where a text stops being JSON", () => {
  it.each([
    ['{"a": }', 6],
    ['{"a": 1,}', 8],
    ["[1 2]", 3],
    ["[1,", 3],
    ["{a: 1}", 1],
    ['{"a" 1}', 5],
    ["{} x", 3],
    ['"open', 0],
    ["", 0],
    ["01", 1],
  ])("%j at %i", (text, at) => {
    expect(faultAt(text)).toBe(at);
  });

  it("is nowhere exactly where the browser reads it", () => {
    const { below, pick } = chance(20_261_124);
    const parts = ["{", "}", "[", "]", ",", ":", '"a"', '"\\n"', '"\\x"', "1", "-0.5e3", "01", "true", "nul", " ", "\n"];
    for (let round = 0; round < 4_000; round += 1) {
      const text = Array.from({ length: below(9) }, () => pick(parts)).join("");
      expect(faultAt(text) === undefined, JSON.stringify(text)).toBe(isJson(text));
    }
  });
});
