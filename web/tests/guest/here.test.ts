import { describe, expect, it } from "vitest";
import { EACH_MS, stayHere, type Waits } from "../../src/guest/here.ts";
import { LinkEnded } from "../../src/guest/pass.ts";
import { Problem, Unreachable } from "../../src/net/http.ts";

const ended = () => new LinkEnded(404, "link_ended", "This link has ended", undefined);

/** Answers in their order, each after so long; time moves by what is waited for. */
function play(...answers: ReadonlyArray<readonly [number, Error | undefined]>) {
  let at = 0;
  const asked: number[] = [];
  const left = [...answers];
  const http = {
    ask: async (path: string) => {
      expect(path).toBe("/links/here");
      asked.push(at);
      const [ms, error] = left.shift() ?? [0, ended()];
      at += ms;
      if (error !== undefined) throw error;
      return undefined;
    },
  };
  const waits: Waits = {
    local: () => at,
    pause: async (ms) => {
      at += ms;
    },
    chance: () => 1,
  };
  return { asked, done: stayHere(http, waits) };
}

describe("staying at a link's page", () => {
  it("asks again as soon as it was told that the link goes on", async () => {
    const { asked, done } = play([25_000, undefined], [25_000, undefined], [3_000, ended()]);
    await done;
    expect(asked).toEqual([0, 25_000, 50_000]);
  });

  it("is over once the link has ended, and asks no more", async () => {
    const { asked, done } = play([10, ended()]);
    await done;
    expect(asked).toEqual([0]);
  });

  it("never asks in a flurry, whatever stands between", async () => {
    const { asked, done } = play(...Array.from({ length: 5 }, () => [0, undefined] as const));
    await done;
    expect(asked).toEqual([0, 1, 2, 3, 4, 5].map((n) => n * EACH_MS));
  });

  it("takes a server that is away, or too many who look, for no end", async () => {
    const crowded = new Problem(429, "too_many", "Too many at once", undefined);
    const { asked, done } = play([0, new Unreachable("away")], [0, crowded], [0, new Unreachable("away")], [25_000, undefined]);
    await done;
    expect(asked).toHaveLength(5);
    const gaps = asked.slice(1).map((moment, n) => moment - (asked[n] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(EACH_MS);
    expect(gaps[2]).toBeGreaterThan(gaps[0] ?? 0);
  });
});
