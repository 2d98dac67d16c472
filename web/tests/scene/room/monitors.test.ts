import { describe, expect, it } from "vitest";
import { FAILED_GLOW, HUES_NIGHT } from "../../../../assets/palette.ts";
import { hue, screenAt, shine } from "../../../src/scene/room/monitors.ts";
import type { Desk } from "../../../src/state/office.ts";
import { office } from "../../office.ts";

const batch = { name: "n", state: "running", total: 1, done: 0, failed: 0, running: 1, order: 10 } as const;
const state = office({ batches: { b: batch } });
const desk = (parts: Partial<Desk>): Desk => ({ worker: "Ada", since: 0, activity: "working", batch: "b", ...parts });

describe("monitors", () => {
  it("shine in the batch's hue while somebody works, waits or is done", () => {
    for (const activity of ["working", "waiting", "done"] as const) expect(shine(state, desk({ activity }))).toBe(HUES_NIGHT[2]);
  });

  it("are red only for who failed, and dark for who has nothing to do", () => {
    expect(shine(state, desk({ activity: "failed" }))).toBe(FAILED_GLOW);
    expect(shine(state, desk({ activity: "idle" }))).toBeUndefined();
    expect(shine(state, desk({ activity: "off" }))).toBeUndefined();
    expect(shine(state, undefined)).toBeUndefined();
  });

  it("know no hue of a batch that is not there", () => {
    expect(hue(state, "gone")).toBeUndefined();
    expect(hue(state, undefined)).toBeUndefined();
  });
});

describe("screens", () => {
  it.each([
    [{ activity: "off" }, "off"],
    [{ activity: "idle" }, "rest"],
    [{ activity: "working" }, "write"],
    [{ activity: "working", note: "reading page 7" }, "read"],
    [{ activity: "working", note: "calling them" }, "call"],
    [{ activity: "waiting" }, "wait"],
    [{ activity: "done" }, "done"],
    [{ activity: "failed" }, "failed"],
  ] as const)("show what is done at the desk: %j", (parts, screen) => expect(screenAt(desk(parts))).toBe(screen));
});
