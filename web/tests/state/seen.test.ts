import { describe, expect, it } from "vitest";
import type { OfficeState } from "../../src/state/office.ts";
import { NOTHING_SEEN, see } from "../../src/state/seen.ts";
import { office, withDesk } from "../office.ts";

const idle = office();
const working = withDesk(idle, 6, { activity: "working", since: 1_000, execution: "e1", title: "Acme" });
const done = withDesk(working, 6, { activity: "done", since: 9_000 });

function watch(...states: readonly OfficeState[]) {
  return states.reduce(({ seen, before, at }, after) => ({ seen: see(seen, before, after, at), before: after, at: at + 1_000 }), {
    seen: NOTHING_SEEN,
    before: undefined as OfficeState | undefined,
    at: 100_000,
  }).seen;
}

describe("what this page saw", () => {
  it("remembers what ended at a desk and how long it took", () => {
    expect(watch(idle, working, done).past[6]).toEqual([
      { execution: "e1", task: undefined, title: "Acme", done: true, reason: undefined, took: 8_000, at: 9_000 },
    ]);
  });

  it("claims no duration it did not see", () => {
    expect(watch(idle, done).past[6]?.[0]?.took).toBeUndefined();
  });

  it("claims nothing about what was there when it came", () => {
    expect(watch(done).past).toEqual({});
  });

  it("counts an end once, however many frames show it", () => {
    const noted = withDesk(done, 6, { note: "bye" });
    expect(watch(idle, working, done, noted).past[6]).toHaveLength(1);
  });

  it("keeps the newest first, eight at most", () => {
    const states = Array.from({ length: 12 }, (_, index) => {
      const busy = withDesk(idle, 0, { activity: "working", since: index, execution: `e${index}` });
      return [busy, withDesk(busy, 0, { activity: "failed", since: index + 5, reason: "exit" })];
    }).flat();
    const past = watch(...states).past[0] ?? [];
    expect(past).toHaveLength(8);
    expect(past[0]).toMatchObject({ execution: "e11", done: false, reason: "exit" });
  });

  it("takes a sample of the speed every ten seconds", () => {
    const quick = office({ queue: { waiting: 1, perhour: 60 } });
    let seen = NOTHING_SEEN;
    for (let at = 100_000; at < 160_000; at += 1_000) seen = see(seen, quick, quick, at);
    expect(seen.speed).toEqual([60, 60, 60, 60, 60, 60]);
  });
});
