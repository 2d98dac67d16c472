import { describe, expect, it } from "vitest";
import { TURN_MS, turn, turning } from "../../../src/scene/people/turn.ts";
import type { Course } from "../../../src/state/course.ts";
import { office, withDesk } from "../../office.ts";

const NOW = 1_795_450_000_000;
const WORKS = withDesk(office(), 3, { activity: "working", since: NOW - 9_000 });
const CHEERS = withDesk(office(), 3, { activity: "done", since: NOW });
const COURSE: Course = [
  { at: NOW - 60_000, state: WORKS },
  { at: NOW, state: CHEERS },
];

describe("turning from one clip to another", () => {
  it.each([0, 1, 0.4, 99, 249.9])("began at the same millisecond, looked at %f ms after", (after) => {
    const out = turn();
    expect(turning(out, COURSE, 3, "cheer", NOW + after)).toBe(true);
    expect(out.at).toBe(NOW);
    expect(out.from).toMatchObject({ clip: "type", seconds: 8.999 });
  });

  it("is over after its time", () => {
    expect(turning(turn(), COURSE, 3, "cheer", NOW + TURN_MS)).toBe(false);
  });

  it("is none for somebody who goes on with the same", () => {
    expect(turning(turn(), COURSE, 0, "read", NOW + 10)).toBe(turning(turn(), COURSE.slice(0, 1), 0, "read", NOW + 10));
    expect(turning(turn(), COURSE.slice(0, 1), 3, "type", NOW + 10)).toBe(false);
  });

  it("is none where nothing is known of before: the first state, and the first after a gap", () => {
    expect(turning(turn(), COURSE.slice(1), 3, "cheer", NOW + 10)).toBe(false);
  });

  it("has not begun for a state that is of a moment to come", () => {
    const out = turn();
    expect(turning(out, COURSE, 3, "cheer", NOW - 30)).toBe(true);
    expect(out.at).toBe(NOW - 30);
  });

  it("is found for those who set out on a walk, which no state tells of", () => {
    const walks = withDesk(office(), 4, { path: ["desk-4", "coffee-2", NOW - 100, NOW + 9_000] });
    const out = turn();
    expect(turning(out, [{ at: NOW - 60_000, state: walks }], 4, "walk", NOW)).toBe(true);
    expect(out.at).toBe(NOW - 100);
  });
});
