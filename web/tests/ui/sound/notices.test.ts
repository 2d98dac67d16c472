import { describe, expect, it } from "vitest";
import type { Batch, OfficeState } from "../../../src/state/office.ts";
import { addressOf, markOf } from "../../../src/ui/sound/favicon.ts";
import { NOTHING_TOLD, note, PAUSE_MS, tell } from "../../../src/ui/sound/notices.ts";
import { CHIME, LOW, noise } from "../../../src/ui/sound/voices.ts";
import { office } from "../../office.ts";
import { chance } from "../../random.ts";

function batch(order: number, some: Partial<Batch> = {}): Batch {
  return { name: `List ${order}`, state: "running", total: 10, done: 3, failed: 0, running: 2, order, ...some };
}

function having(...batches: readonly Batch[]): OfficeState {
  return office({ batches: Object.fromEntries(batches.map((each) => [`b${each.order}`, each])) });
}

const before = having(batch(0), batch(1));
const over = { state: "done", running: 0 } as const;

describe("desktop notices", () => {
  it("tell of a batch that has ended, and lead to it", () => {
    const desk = note(NOTHING_TOLD, before, having(batch(0, { ...over, done: 8, failed: 2 }), batch(1)));
    expect(tell(desk, 0, false)[1]).toEqual({ title: "List 0 has ended", body: "8 done, 2 failed", batch: "b0" });
  });

  it("say it where all of it failed", () => {
    const desk = note(NOTHING_TOLD, before, having(batch(0, { ...over, done: 0, failed: 10 }), batch(1)));
    expect(tell(desk, 0, false)[1]?.title).toBe("List 0: all failed");
  });

  it("tell of several as one, and no more than one in ten seconds", () => {
    const one = having(batch(0, { ...over, done: 10 }), batch(1));
    const [told] = tell(note(NOTHING_TOLD, before, one), 0, false);
    const both = note(told, one, having(batch(0, { ...over, done: 10 }), batch(1, { ...over, done: 4, failed: 6 })));
    expect(tell(both, PAUSE_MS - 1, false)[1]).toBeUndefined();
    expect(tell(both, PAUSE_MS, false)[1]?.title).toBe("List 1 has ended");
    const together = note(NOTHING_TOLD, before, having(batch(0, { ...over, done: 10 }), batch(1, { ...over, done: 4, failed: 6 })));
    expect(tell(together, 0, false)[1]).toEqual({ title: "2 batches have ended", body: "14 done, 6 failed" });
  });

  it("tell nothing to whoever looks, and nothing afterwards of what was seen", () => {
    const desk = note(NOTHING_TOLD, before, having(batch(0, { ...over, done: 10 }), batch(1)));
    const [seen, nothing] = tell(desk, 0, true);
    expect(nothing).toBeUndefined();
    expect(tell(seen, 60_000, false)[1]).toBeUndefined();
  });

  it("take back what was gone on with meanwhile", () => {
    const done = having(batch(0, { ...over, done: 9, failed: 1 }), batch(1));
    const desk = note(note(NOTHING_TOLD, before, done), done, having(batch(0, { done: 9 }), batch(1)));
    expect(tell(desk, 60_000, false)[1]).toBeUndefined();
  });
});

describe("the mark in the tab", () => {
  it("has as many desks lit as people work", () => {
    const lit = (working: number) => markOf(working).split("#cdbfb1").length - 1;
    expect([0, 1, 7, 10, 40].map(lit)).toEqual([10, 9, 3, 0, 0]);
    expect(addressOf(markOf(3))).toMatch(/^data:image\/svg\+xml,%3Csvg/);
  });
});

describe("voices", () => {
  it("begin and end without a click, and are never louder than the whole", () => {
    for (const voice of [CHIME, LOW]) {
      expect(voice.reduce((sum, { gain }) => sum + gain, 0)).toBeLessThanOrEqual(1.3);
      for (const { seconds, hertz } of voice) {
        expect(seconds).toBeGreaterThan(0.3);
        expect(hertz).toBeGreaterThan(60);
      }
    }
  });

  it("murmur in a loop without a seam", () => {
    const { next } = chance(7);
    const samples = noise(4_000, next);
    expect(Math.abs((samples[0] ?? 0) - (samples.at(-1) ?? 1))).toBeLessThan(0.05);
    const loudest = samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    expect(loudest).toBeGreaterThan(0.1);
    expect(loudest).toBeLessThan(3.6);
  });
});
