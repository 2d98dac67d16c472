import { describe, expect, it } from "vitest";
import type { Batch, Blocked, OfficeState, Queue } from "../../src/state/office.ts";
import { isPulled, isUnasked, whyOf, whyWords } from "../../src/ui/why.ts";
import { office } from "../office.ts";

const NOW = new Date(2026, 10, 23, 15, 24).getTime();
const DECEMBER = Date.UTC(2026, 11, 1);
const BATCH: Batch = { name: "Research", state: "queued", total: 5, done: 0, failed: 0, running: 0, order: 0 };

function blocked(why: Blocked, rest: Partial<Queue> = {}, parts: Partial<OfficeState> = {}): OfficeState {
  return office({ queue: { waiting: 5, blocked: why, ...rest }, batches: { b1: BATCH }, ...parts });
}

describe("why nothing starts", () => {
  it.each<[Blocked, number | undefined, boolean | undefined, string, string, string]>([
    ["quota", DECEMBER, undefined, "waiting for quota", "until 1 Dec", "waiting for quota, until 1 Dec"],
    ["quota", undefined, undefined, "waiting for quota", "", "waiting for quota"],
    [
      "ratelimit",
      NOW + 7 * 60_000,
      undefined,
      "waiting until 15:31",
      "the provider's limit",
      "the provider's limit is reached, waiting until 15:31",
    ],
    ["ratelimit", NOW + 5_200, undefined, "waiting 6 s", "the provider's limit", "the provider's limit is reached, waiting 6 s"],
    ["capacity", undefined, false, "waiting", "no room on this machine", "no room on this machine"],
    ["capacity", undefined, true, "waiting", "for your own runners", "waits for your own runners"],
    ["capacity", undefined, undefined, "waiting", "for room or your own runners", "waits for room or for your own runners"],
    ["paused", undefined, undefined, "paused", "all that waits is paused", "all that waits is paused"],
    ["draining", undefined, undefined, "waiting", "the server restarts", "the server restarts"],
    ["disk", undefined, undefined, "waiting", "the disk is full", "the disk is full"],
    ["suspended", undefined, undefined, "waiting", "this account is suspended", "this account is suspended"],
  ])("%s until %s, pulled %s", (why, until, pulled, big, small, sentence) => {
    expect(whyWords(why, until, NOW, pulled)).toEqual({ big, small, sentence });
  });

  it("is not asked where work goes on, or none waits", () => {
    expect(whyOf(office({ queue: { waiting: 5 } }), {}, NOW)).toBeUndefined();
    expect(whyOf(office({ queue: { waiting: 0, blocked: "paused" } }), {}, NOW)).toBeUndefined();
    expect(whyOf(blocked("disk"), {}, NOW)?.sentence).toBe("the disk is full");
  });
});

describe("what is for the user's own runners", () => {
  it("is known once the kinds are", () => {
    expect(isPulled(blocked("capacity"), {})).toBeUndefined();
    expect(isPulled(blocked("capacity"), { b1: "external" })).toBe(true);
    expect(isPulled(blocked("capacity"), { b1: "demo" })).toBe(false);
  });

  it("is decided by what could run: not by what has ended or is paused", () => {
    const batches = { b1: BATCH, b2: { ...BATCH, state: "paused" }, b3: { ...BATCH, state: "done", done: 5 } } as const;
    expect(isPulled(blocked("capacity", {}, { batches }), { b1: "external", b2: "demo", b3: "demo" })).toBe(true);
  });

  it("is not what waits while something runs: then the machine is full", () => {
    const state = blocked("capacity");
    expect(isPulled({ ...state, office: { ...state.office, running: 3 } }, { b1: "external" })).toBe(false);
  });

  it("has no estimate while nobody asks for it", () => {
    const queue = { waiting: 5, blocked: "capacity" } as const;
    expect(isUnasked("b1", BATCH, queue, { b1: "external" })).toBe(true);
    expect(isUnasked("b1", BATCH, queue, { b1: "demo" })).toBe(false);
    expect(isUnasked("b1", { ...BATCH, state: "paused" }, queue, { b1: "external" })).toBe(false);
    expect(isUnasked("b1", BATCH, { waiting: 5 }, { b1: "external" })).toBe(false);
  });

  it("is not claimed of batches that are not listed", () => {
    const state = blocked("capacity");
    expect(isPulled({ ...state, office: { ...state.office, more: 2 } }, { b1: "external" })).toBeUndefined();
  });
});
