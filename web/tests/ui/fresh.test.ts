import { describe, expect, it } from "vitest";
import type { Phase } from "../../src/net/link.ts";
import { freshness } from "../../src/ui/fresh.ts";

describe("freshness", () => {
  it.each<[Phase, number | undefined, string, string]>([
    ["live", 300, "live", "Live"],
    ["live", 7_999, "live", "Live"],
    ["live", 12_400, "stale", "12 s old"],
    ["connecting", undefined, "connecting", "Connecting"],
    ["waiting", undefined, "connecting", "Connecting"],
    ["waiting", 3_000, "connecting", "Connecting"],
    ["waiting", 40_000, "stale", "40 s old"],
    ["ended", 1_000, "over", "This link has ended"],
    ["outdated", 1_000, "over", "Reload for the new version"],
  ])("%s after %s ms is %s: %s", (phase, age, look, words) => {
    expect(freshness(phase, age)).toMatchObject({ look, words });
  });

  it("never calls live what it is not connected to", () => {
    expect(freshness("waiting", 100).look).not.toBe("live");
  });
});
