import { describe, expect, it } from "vitest";
import type { Batch, Desk } from "../../src/state/office.ts";
import * as facts from "../../src/ui/facts.ts";
import { office, withDesk } from "../office.ts";

const NOW = new Date(2026, 10, 23, 15, 24).getTime();
const batch = (parts: Partial<Batch>): Batch => ({ state: "running", total: 10, done: 4, failed: 1, running: 2, order: 0, ...parts });
const desk = (parts: Partial<Desk>): Desk => ({ worker: "Ada", activity: "working", since: 0, ...parts });

describe("deskWords", () => {
  it.each<[Partial<Desk>, string]>([
    [{ activity: "working", title: "Acme" }, "Acme"],
    [{ activity: "working" }, "Working"],
    [{ activity: "waiting", until: NOW + 5_200 }, "waits for the provider's limit, 6 s"],
    [{ activity: "waiting", until: NOW + 7 * 60_000 }, "waits for the provider's limit, until 15:31"],
    [{ activity: "waiting" }, "waits for the provider's limit"],
    [{ activity: "failed", reason: "unreachable" }, "Site not reachable"],
    [{ activity: "failed", reason: "timeout", until: NOW + 7 * 60_000 }, "Timed out. Tries again 15:31"],
    [{ activity: "idle" }, "free"],
    [{ activity: "off" }, "asleep"],
    [{ activity: "done", title: "Acme" }, "done"],
  ])("of %o is %s", (parts, text) => {
    expect(facts.deskWords(desk(parts), NOW)).toBe(text);
  });
});

describe("batchWhen", () => {
  it.each<[Partial<Batch>, string]>([
    [{ done: 1, eta: [NOW + 34 * 60_000, NOW + 41 * 60_000] }, "34–41 min"],
    [{ failed: 1, done: 0, eta: [NOW + 34 * 60_000, NOW + 41 * 60_000] }, "34–41 min"],
    [{ done: 0, failed: 0, eta: [NOW + 34 * 60_000, NOW + 41 * 60_000] }, "about 34 min"],
    [{}, "after the first task"],
    [{ state: "paused", eta: [NOW, NOW] }, "paused"],
    [{ state: "done" }, "done"],
    [{ state: "cancelled" }, "cancelled"],
    [{ state: "waiting" }, "waiting for quota"],
  ])("of %o is %s", (parts, text) => {
    expect(facts.batchWhen(batch(parts), { waiting: 3, blocked: "quota" }, NOW)).toBe(text);
  });
});

describe("allAssumed", () => {
  const fresh = { done: 0, failed: 0 };
  it.each([
    [{}, false],
    [{ a: batch(fresh) }, true],
    [{ a: batch(fresh), b: batch({ ...fresh, state: "done", done: 4 }) }, true],
    [{ a: batch(fresh), b: batch({ done: 1 }) }, false],
  ] as const)("of %o is %s", (batches, assumed) => {
    expect(facts.allAssumed(batches)).toBe(assumed);
  });
});

describe("batches", () => {
  it("keep their place: by order, not by state or name", () => {
    const rows = facts.batchesInOrder({ x: batch({ order: 7 }), a: batch({ order: 9, state: "done" }), m: batch({ order: 3 }) });
    expect(rows.map(([id]) => id)).toEqual(["m", "x", "a"]);
  });

  it("have nothing waiting once they have ended", () => {
    expect(facts.waitingOf(batch({}))).toBe(3);
    expect(facts.waitingOf(batch({ state: "cancelled" }))).toBe(0);
  });

  it("sum up to an outcome", () => {
    const all = { a: batch({ order: 0, done: 9, failed: 1 }), b: batch({ order: 1, done: 3, failed: 0 }) };
    expect(facts.outcomeOf(all)).toEqual({ done: 12, failed: 1, latest: "b" });
    expect(facts.outcomeOf({})).toEqual({ done: 0, failed: 0, latest: undefined });
  });
});

describe("headlineOf", () => {
  const running = { ...office().office, running: 2 };
  it("is busy, blocked, finished or empty", () => {
    expect(facts.headlineOf(office({ queue: { waiting: 3 } }))).toBe("busy");
    expect(facts.headlineOf(office({ office: running }))).toBe("busy");
    expect(facts.headlineOf(office({ queue: { waiting: 3, blocked: "quota" } }))).toBe("blocked");
    expect(facts.headlineOf(office({ office: { ...office().office, finished: NOW } }))).toBe("finished");
    expect(facts.headlineOf(office())).toBe("empty");
  });
});

describe("isEmpty", () => {
  it("holds only for an office that remembers no work", () => {
    expect(facts.isEmpty(office())).toBe(true);
    expect(facts.isEmpty(office({ batches: { a: batch({ state: "done" }) } }))).toBe(false);
    expect(facts.isEmpty(office({ office: { ...office().office, more: 2 } }))).toBe(false);
    expect(facts.isEmpty(office({ queue: { waiting: 1 } }))).toBe(false);
  });
});

describe("ringOf", () => {
  it("is full at an end, absent where nothing is known", () => {
    expect(facts.ringOf(desk({ activity: "done" }), NOW)).toBe(1000);
    expect(facts.ringOf(desk({ progress: [NOW, 400, 1_000, 1] }), NOW)).toBe(400);
    expect(facts.ringOf(desk({}), NOW)).toBeUndefined();
    expect(facts.ringOf(desk({ activity: "idle" }), NOW)).toBeUndefined();
  });
});

describe("nextTrouble", () => {
  const troubled = withDesk(withDesk(office(), 2, { activity: "failed" }), 7, { activity: "waiting" }).desks;
  it.each([
    [-1, 2],
    [2, 7],
    [7, 2],
    [9, 2],
  ])("after desk %i is desk %i", (from, next) => {
    expect(facts.nextTrouble(troubled, from)).toBe(next);
  });

  it("is nowhere when all is well", () => {
    expect(facts.nextTrouble(office().desks, 0)).toBeUndefined();
  });
});
