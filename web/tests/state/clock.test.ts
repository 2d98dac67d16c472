import { describe, expect, it } from "vitest";
import { createServerClock } from "../../src/state/clock.ts";
import { chance } from "../random.ts";

function world(lead = 1_000_000) {
  let local = 0;
  const clock = createServerClock(
    () => local,
    () => 777,
  );
  return {
    clock,
    pass: (ms: number) => {
      local += ms;
    },
    server: () => local + lead,
    hear: (delay: number) => {
      local += delay;
      clock.observe(local + lead - delay);
    },
  };
}

describe("the server's time", () => {
  it("is the wall clock until a message said it", () => {
    expect(world().clock.now()).toBe(777);
  });

  it("takes the least delayed message for the truth", () => {
    const { clock, hear, server } = world();
    hear(400);
    hear(5);
    hear(900);
    expect(server() - clock.now()).toBe(5);
  });

  it("stays within the least delay and never goes back under 2,000 jittered messages (seed 11)", () => {
    const { clock, hear, pass, server } = world();
    const dice = chance(11);
    let before = Number.NEGATIVE_INFINITY;
    for (let round = 0; round < 2_000; round += 1) {
      pass(dice.below(3_000));
      hear(2 + dice.below(300));
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(server());
      if (round > 50) expect(server() - now).toBeLessThan(120);
      before = now;
    }
  });

  it("stands still rather than going back when the old offset leaves the window", () => {
    const { clock, hear, pass } = world();
    hear(0);
    const before = clock.now();
    pass(1);
    clock.observe(before - 5_000);
    pass(70_000);
    clock.observe(before - 5_000);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
  });

  it("may go back once when the server starts its time anew", () => {
    const { clock, hear } = world();
    hear(0);
    const before = clock.now();
    clock.reset();
    expect(clock.now()).toBe(before);
    clock.observe(before - 60_000);
    expect(clock.now()).toBe(before - 60_000);
  });
});
