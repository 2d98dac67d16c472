import { describe, expect, it } from "vitest";
import { hueVariable, plateText } from "../../../src/scene/plates/text.ts";
import type { Desk } from "../../../src/state/office.ts";
import { office } from "../../office.ts";

const NOW = 1_795_450_000_000;
const batch = { name: "Companies", state: "running", total: 9, done: 1, failed: 0, running: 3, order: 9 } as const;
const state = office({ batches: { b1: batch } });
const text = (parts: Partial<Desk>) => plateText(state, { worker: "Ada", activity: "working", since: NOW, batch: "b1", ...parts }, NOW);

describe("plateText", () => {
  it("names the task of who works, with a ring in the batch's hue", () => {
    const progress = [NOW, 250, 60_000, 1] as const;
    expect(text({ title: "Acme Optics", progress })).toEqual({
      glyph: "play",
      name: "Ada",
      note: "Acme Optics",
      tone: "plain",
      ring: { hue: "var(--hue-b)", permille: 250, reported: true },
      keep: false,
    });
  });

  it("stops an estimated ring at 95 per cent and draws none where nothing is known", () => {
    expect(text({ progress: [NOW - 90_000, 0, 60_000, 0] }).ring).toEqual({ hue: "var(--hue-b)", permille: 950, reported: false });
    expect(text({}).ring).toBeUndefined();
  });

  it("says how long somebody waits", () => {
    expect(text({ activity: "waiting", until: NOW + 5200 })).toMatchObject({
      glyph: "hourglass",
      note: "waits 6 s",
      tone: "waiting",
      keep: true,
    });
    expect(text({ activity: "waiting", until: NOW - 100 }).note).toBe("waits 0 s");
    expect(text({ activity: "waiting", until: NOW + 3_600_000 }).note).toMatch(/^waits until \d\d:\d\d$/);
    expect(text({ activity: "waiting" }).note).toBe("waits");
  });

  it("gives the reason of a failure in words, or when it is tried again", () => {
    const failed = text({ activity: "failed", reason: "unreachable" });
    expect(failed).toMatchObject({ glyph: "bang", note: "site not reachable", tone: "failed", keep: true });
    expect(failed.ring).toEqual({ hue: "var(--red)", permille: 1000, reported: true });
    expect(text({ activity: "failed", reason: "timeout", until: NOW + 1000 }).note).toMatch(/^tries again \d\d:\d\d$/);
  });

  it("shows only glyph and name of who is idle or off", () => {
    expect(text({ activity: "idle", title: "old" })).toMatchObject({ glyph: "cup", note: "", tone: "idle" });
    expect(text({ activity: "off" })).toMatchObject({ glyph: "moon", note: "", tone: "idle" });
    expect(text({ activity: "off" }).ring).toBeUndefined();
  });

  it("closes the ring of who is done", () => {
    expect(text({ activity: "done" })).toMatchObject({ glyph: "check", note: "done", ring: { permille: 1000 } });
  });

  it("counts eight hues round and round", () => {
    expect(hueVariable(state, "b1")).toBe("var(--hue-b)");
    expect(hueVariable(state, "gone")).toBe("var(--teal)");
  });
});
