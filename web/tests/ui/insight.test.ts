import { describe, expect, it } from "vitest";
import type { Task } from "../../src/net/shapes.ts";
import { barAt, groupsOf, spreadOf } from "../../src/ui/insight.ts";
import { chance } from "../random.ts";

function failed(reason: string, message?: string): Task {
  return { id: "t", batch: "b", title: "Acme", state: "failed", attempts: 1, input: {}, executions: [], reason, message };
}

describe("why tasks failed", () => {
  it("is told by reason, the most frequent first, an exit by its code", () => {
    const tasks = [
      failed("exit", "exit 1: no such host"),
      failed("unreachable", "a.example does not answer"),
      failed("exit", "exit 3"),
      failed("unreachable", "b.example does not answer"),
      failed("exit", "exit 1: something else"),
      failed("exit", "exit 1"),
    ];
    expect(groupsOf(tasks).map(({ why, tasks: alike }) => [why, alike.length])).toEqual([
      ["Program ended with code 1", 3],
      ["Site not reachable", 2],
      ["Program ended with code 3", 1],
    ]);
  });

  it("is nothing where nothing failed", () => {
    expect(groupsOf([])).toEqual([]);
  });
});

describe("how long tasks took", () => {
  it("is not said of fewer than five", () => {
    expect(spreadOf([1, 2, 3, 4])).toBeUndefined();
  });

  it("is half within the middle one and nine in ten within the ninth", () => {
    const spread = spreadOf([100, 20, 30, 40, 50, 60, 70, 80, 90, 10]);
    expect(spread).toMatchObject({ from: 10, to: 100, half: 50, most: 90 });
    expect(spread?.bars.reduce((sum, bar) => sum + bar)).toBe(10);
  });

  it("is one bar where all took as long", () => {
    expect(spreadOf([7, 7, 7, 7, 7])).toMatchObject({ from: 7, to: 7, half: 7, most: 7, bars: [5, ...Array(12).fill(0)] });
  });

  it("has every task in the bar it belongs to, whatever they took", () => {
    const { next } = chance(20_261_124);
    for (let round = 0; round < 50; round += 1) {
      const durations = Array.from({ length: 5 + Math.floor(next() * 200) }, () => Math.floor(next() ** 3 * 600_000));
      const spread = spreadOf(durations);
      if (spread === undefined) throw new Error("expected a spread");
      const counted = durations.map((duration) => barAt(duration, spread.from, spread.to));
      expect(spread.bars).toEqual(spread.bars.map((_, index) => counted.filter((bar) => bar === index).length));
      const share = (most: number) => durations.filter((duration) => duration <= most).length / durations.length;
      expect(share(spread.half)).toBeGreaterThanOrEqual(0.5);
      expect(share(spread.most)).toBeGreaterThanOrEqual(0.9);
    }
  });
});
