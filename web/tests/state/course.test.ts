import { describe, expect, it } from "vitest";
import { COURSE_MS, type Course, grown, stateAt } from "../../src/state/course.ts";
import { office } from "../office.ts";
import { chance } from "../random.ts";

const shown = (at: number) => ({ at, state: office({ queue: { waiting: at } }) });
const fed = (...moments: readonly number[]) => moments.reduce<Course>((course, at) => grown(course, shown(at)), []);
const moments = (course: Course) => course.map(({ at }) => at);

describe("a course", () => {
  it("keeps what is needed to know how it was half a second ago, and no more", () => {
    expect(moments(fed(0, 100, 5_000, 5_400, 5_600, 6_100))).toEqual([5_600, 6_100]);
    expect(moments(fed(0, 100, 5_000, 5_400, 5_600, 6_099))).toEqual([5_400, 5_600, 6_099]);
  });

  it("has one state for each moment, the last", () => {
    expect(moments(fed(0, 100, 100))).toEqual([0, 100]);
    expect(moments(fed(100, 100))).toEqual([100]);
  });

  it("begins anew where time goes back", () => {
    expect(moments(fed(100, 200, 150))).toEqual([150]);
  });

  it.each([1, 2, 3, 4, 5])("knows of every moment of the last half second what the whole history says (seed %i)", (seed) => {
    const random = chance(seed);
    const whole: Course[number][] = [];
    let [course, at]: [Course, number] = [[], 1_000];
    for (let step = 0; step < 200; step += 1) {
      at += random.below(random.pick([50, 400, 2_000]));
      const next = shown(at);
      if (whole.at(-1)?.at === at) whole.pop();
      whole.push(next);
      course = grown(course, next);
      for (const back of [0, 1, 250, COURSE_MS]) expect(stateAt(course, { at: at - back })).toBe(stateAt(whole, { at: at - back }));
    }
  });
});
