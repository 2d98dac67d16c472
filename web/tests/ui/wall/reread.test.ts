import { describe, expect, it } from "vitest";
import { isDue, rereader, type Standing } from "../../../src/ui/wall/reread.ts";

const HOUR = 3_600_000;

function standing(some: Partial<Standing>): Standing {
  return { opened: 0, now: 24 * HOUR, hour: 4, running: 0, outdated: false, ...some };
}

describe("a wall's page reads itself anew", () => {
  it("once a day in a quiet hour, not on the day it was opened", () => {
    expect(isDue(standing({}))).toBe(true);
    expect(isDue(standing({ now: 19 * HOUR }))).toBe(false);
    for (const hour of [0, 2, 6, 12, 23]) expect(isDue(standing({ hour }))).toBe(false);
  });

  it("not while tasks run, unless it is the last quiet hour or it has been too long", () => {
    expect(isDue(standing({ running: 3 }))).toBe(false);
    expect(isDue(standing({ running: 3, hour: 5 }))).toBe(true);
    expect(isDue(standing({ running: 3, hour: 14, now: 48 * HOUR }))).toBe(true);
  });

  it("as soon as the server has a newer one, but not over and over", () => {
    expect(isDue(standing({ outdated: true, hour: 14 }))).toBe(true);
    expect(isDue(standing({ outdated: true, now: 60_000 }))).toBe(false);
  });

  it("about once a day over a month of minutes, and never while the server is away", async () => {
    let opened = 0;
    let there = true;
    const reloads: number[] = [];
    let now = 0;
    const read = rereader({
      ask: () => Promise.resolve(there),
      reload: () => {
        reloads.push(now);
        opened = now;
      },
    });
    for (let minute = 0; minute < 30 * 24 * 60; minute += 1) {
      now = minute * 60_000;
      const hour = Math.floor(minute / 60) % 24;
      const night = Math.floor(minute / 1440);
      there = night !== 12; // a whole day without the server
      await read({ opened, now, hour, running: 0, outdated: false });
    }
    expect(reloads.length).toBeGreaterThanOrEqual(27);
    expect(reloads.length).toBeLessThanOrEqual(30);
    expect(reloads.every((at) => Math.floor(at / HOUR / 24) !== 12)).toBe(true);
  });

  it("asks one at a time, and stays where the answer is not ours", async () => {
    const asked: Array<(there: boolean) => void> = [];
    let reloads = 0;
    const read = rereader({
      ask: () => new Promise((answer) => asked.push(answer)),
      reload: () => {
        reloads += 1;
      },
    });
    const first = read(standing({}));
    await read(standing({}));
    expect(asked).toHaveLength(1);
    asked[0]?.(false);
    await first;
    expect(reloads).toBe(0);
    const second = read(standing({}));
    asked[1]?.(true);
    await second;
    expect(reloads).toBe(1);
  });
});
