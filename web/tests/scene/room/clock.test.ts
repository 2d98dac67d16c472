import { describe, expect, it } from "vitest";
import { angles } from "../../../src/scene/room/clock.ts";

describe("clock", () => {
  it("turns both hands clockwise, the hour hand with the minutes", () => {
    expect(angles(3, 0)).toEqual([Math.PI / 2, 0]);
    expect(angles(15, 30)).toEqual([(3.5 / 12) * Math.PI * 2, Math.PI]);
    expect(angles(0, 0)).toEqual([0, 0]);
  });
});
