import { describe, expect, it } from "vitest";
import { faceOf, searchFor } from "../../src/ui/face.ts";

describe("how much of the page an address asks for", () => {
  it("is all of it, a wall's view, or the panel alone", () => {
    expect(["", "?t=5", "?wall", "?wall=", "?panel&t=5", "?t=5&wall"].map(faceOf)).toEqual([
      "whole",
      "whole",
      "wall",
      "wall",
      "panel",
      "wall",
    ]);
  });

  it("is said in the query, beside whatever else is", () => {
    expect(searchFor("wall", "")).toBe("?wall");
    expect(searchFor("wall", "?wall&theme=night")).toBe("?wall&theme=night");
    expect(searchFor("whole", "?wall")).toBe("");
    expect(searchFor("panel", "?replay=r1&wall")).toBe("?panel&replay=r1");
    for (const face of ["whole", "wall", "panel"] as const) expect(faceOf(searchFor(face, "?wall&x=1"))).toBe(face);
  });
});
