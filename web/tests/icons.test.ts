import { describe, expect, it } from "vitest";
import { ICON_NAMES, icon, shape } from "../src/icons.ts";

describe("icons", () => {
  it.each(ICON_NAMES)("%s is a complete drawing that says nothing to a screen reader", (name) => {
    const drawing = icon(name);
    expect(drawing).toMatch(/^<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><(path|circle|rect) .*\/><\/svg>$/);
    expect(drawing).toContain(shape(name));
    expect(drawing).not.toMatch(/stroke="#|fill="#/);
  });

  it("take 6 kB at most all together", () => {
    expect(ICON_NAMES.map(icon).join("").length).toBeLessThan(6_000);
  });
});
