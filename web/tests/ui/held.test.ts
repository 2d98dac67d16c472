import { describe, expect, it } from "vitest";
import { type Held, held, NOTE_MS_LEAST } from "../../src/ui/held.ts";

describe("a note", () => {
  it("stays for three seconds, and then the latest takes its place", () => {
    let shown: Held | undefined;
    const at: Record<number, string> = {};
    for (let ms = 0; ms <= 7000; ms += 500) {
      shown = held(shown, `page ${ms / 500}`, "x1 working", ms);
      at[ms] = shown.note;
    }
    expect([at[0], at[2500], at[3000], at[5500], at[6000]]).toEqual(["page 0", "page 0", "page 6", "page 6", "page 12"]);
  });

  it("does not wait for that of another execution, of an end, or of an earlier moment", () => {
    const shown = held(undefined, "reading", "x1 working", 10_000);
    expect(held(shown, "writing", "x2 working", 10_100).note).toBe("writing");
    expect(held(shown, "Timed out", "x1 failed", 10_100).note).toBe("Timed out");
    expect(held(shown, "opening", "x1 working", 9_000).note).toBe("opening");
    expect(held(shown, "reading", "x1 working", 10_000 + NOTE_MS_LEAST).since).toBe(10_000);
  });
});
