import { describe, expect, it } from "vitest";
import { type Role, role } from "../../../src/scene/people/cast.ts";
import { TURN_MS, turn, turning } from "../../../src/scene/people/turn.ts";
import type { Course } from "../../../src/state/course.ts";
import { office, withDesk } from "../../office.ts";

const doing = (clip: Role["clip"], goal = ""): Role => ({ ...role(), clip, goal });
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
    expect(turning(out, COURSE, 3, doing("cheer"), { at: NOW + after })).toBe(true);
    expect(out.at).toBe(NOW);
    expect(out.from).toMatchObject({ clip: "type", seconds: 8.999 });
  });

  it("is over after its time", () => {
    expect(turning(turn(), COURSE, 3, doing("cheer"), { at: NOW + TURN_MS })).toBe(false);
  });

  it("is none for somebody who goes on with the same", () => {
    expect(turning(turn(), COURSE, 0, doing("read"), { at: NOW + 10 })).toBe(
      turning(turn(), COURSE.slice(0, 1), 0, doing("read"), { at: NOW + 10 }),
    );
    expect(turning(turn(), COURSE.slice(0, 1), 3, doing("type"), { at: NOW + 10 })).toBe(false);
  });

  it("is none where nothing is known of before: the first state, and the first after a gap", () => {
    expect(turning(turn(), COURSE.slice(1), 3, doing("cheer"), { at: NOW + 10 })).toBe(false);
  });

  it("has not begun for a state that is of a moment to come", () => {
    const out = turn();
    expect(turning(out, COURSE, 3, doing("cheer"), { at: NOW - 30 })).toBe(true);
    expect(out.at).toBe(NOW - 30);
  });

  it("is one from one goal to another: who is called back turns round", () => {
    const away = withDesk(office(), 4, { path: ["desk-4", "coffee-2", NOW - 3_000, NOW + 6_000] });
    const home = withDesk(office(), 4, { path: ["coffee-2", "desk-4", NOW - 6_000, NOW + 3_000] });
    const out = turn();
    const course: Course = [
      { at: NOW - 3_000, state: away },
      { at: NOW, state: home },
    ];
    expect(turning(out, course, 4, doing("walk", "desk-4"), { at: NOW + 100 })).toBe(true);
    expect(out.at).toBe(NOW);
    expect(out.from).toMatchObject({ clip: "walk", goal: "coffee-2" });
  });

  it("is found for those who come into their stride, which no state tells of", () => {
    const walks = withDesk(office(), 4, { path: ["desk-4", "coffee-2", NOW - 800, NOW + 9_000] });
    const out = turn();
    expect(turning(out, [{ at: NOW - 60_000, state: walks }], 4, doing("walk", "coffee-2"), { at: NOW })).toBe(true);
    expect(out.at).toBe(NOW - 200);
  });
});
