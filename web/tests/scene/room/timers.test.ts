import { expect, it } from "vitest";
import { left, timers } from "../../../src/scene/room/timers.ts";
import { office, withDesk } from "../../office.ts";

const NOW = 1_795_450_000_000;

it("turns the hand to twelve as a wait goes by", () => {
  expect(left(NOW + 15_000, NOW)).toBeCloseTo(Math.PI / 2);
  expect(left(NOW + 6_000, NOW)).toBeCloseTo(Math.PI / 5);
  expect(left(NOW, NOW)).toBe(0);
  expect(left(NOW - 500, NOW)).toBe(0);
  expect(left(NOW + 3_600_000, NOW)).toBeCloseTo(Math.PI * 2);
});

it("stands on the desk of whoever waits until a moment that is known, and nowhere else", () => {
  const clocks = timers();
  expect(clocks.update(office(), NOW)).toBe(false);
  const waits = withDesk(office(), 3, { activity: "waiting", until: NOW + 8_000 });
  expect(clocks.update(waits, NOW)).toBe(true);
  const one = clocks.mesh.count;
  expect(clocks.update(withDesk(waits, 5, { activity: "waiting", until: NOW + 3_000 }), NOW)).toBe(true);
  expect(clocks.mesh.count).toBe(2 * one);
  expect(clocks.update(withDesk(office(), 3, { activity: "waiting" }), NOW)).toBe(false);
});
