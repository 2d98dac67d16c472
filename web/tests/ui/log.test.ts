import { describe, expect, it } from "vitest";
import { directiveWords } from "../../src/ui/log.tsx";

describe("lines of a log that move the desk", () => {
  it.each([
    ["::progress 0.469 92nd import, compiled", "46 % 92nd import, compiled"],
    ["::progress 1", "100 %"],
    ["::note reading page 7", "reading page 7"],
  ])("read %s as %s", (line, said) => {
    expect(directiveWords(line)).toBe(said);
  });

  it.each(["plain", "::progress", "::progress many", "::other 1", " ::note indented"])("leave %s as it is", (line) => {
    expect(directiveWords(line)).toBeUndefined();
  });
});
