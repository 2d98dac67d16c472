import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { framesOf } from "../../src/replay/frames.ts";
import { look, needed, neighbour } from "../../src/replay/playback.ts";
import { COURSE_MS, grown, type Shown, stateAt } from "../../src/state/course.ts";
import { chance } from "../random.ts";
import { HZ, type Made, recording, START, stateOf } from "./recording.ts";

function framesIn(made: Made): (n: number) => readonly Shown[] | undefined {
  const all = new Map([...made.texts].map(([n, text]) => [n, framesOf(text, HZ)]));
  return (n) => all.get(n);
}

function courseAt(made: Made, at: number) {
  const found = look(made.recorded.segments, framesIn(made), at);
  if (found.kind !== "shown") throw new Error("expected all to be here");
  return found;
}

describe("how it was at a moment", () => {
  it.each([1, 2, 3, 4, 5, 6])("is what the whole history says, and so is all of the half second before (seed %i)", (seed) => {
    const made = recording({ seed });
    const random = chance(seed + 100);
    const frames = framesIn(made);
    for (let turn = 0; turn < 300; turn += 1) {
      const at = START + random.below(8 * 30_000 - 30_000);
      const found = look(made.recorded.segments, frames, at);
      if (found.kind !== "shown") throw new Error("expected all to be here");
      expect(found.known).toBe(true);
      for (const back of [0, 1, 250, COURSE_MS]) expect(stateAt(found.course, { at: at - back })).toEqual(stateOf(made, at - back));
    }
  });

  it.each([7, 8])("is the same by playing there as by leaping there (seed %i)", (seed) => {
    const made = recording({ seed });
    const played = made.whole.reduce<readonly Shown[]>((course, shown) => grown(course, shown), []);
    const last = made.whole.at(-1)?.at ?? 0;
    const leapt = courseAt(made, last).course;
    expect(stateAt(leapt, { at: last })).toEqual(stateAt(played, { at: last }));
    expect(stateAt(leapt, { at: last - 250 })).toEqual(stateAt(played, { at: last - 250 }));
  });

  it("takes the keyframe at the seam of two segments once", () => {
    const made = recording({ seed: 3 });
    const course = courseAt(made, START + 30_000).course;
    expect(course.filter(({ at }) => at === START + 30_000)).toHaveLength(1);
    expect(course.length).toBeGreaterThan(1);
  });

  it("needs the segment before only within its first half second", () => {
    const { segments } = recording({ seed: 1 }).recorded;
    expect(needed(segments, START + 30_000).map(({ n }) => n)).toEqual([0, 1]);
    expect(needed(segments, START + 30_499).map(({ n }) => n)).toEqual([0, 1]);
    expect(needed(segments, START + 30_500).map(({ n }) => n)).toEqual([1]);
    expect(needed(segments, START - 1)).toEqual([]);
  });

  it("says which segments it lacks", () => {
    const { segments } = recording({ seed: 1 }).recorded;
    expect(look(segments, () => undefined, START + 30_100)).toEqual({ kind: "wants", pieces: [0, 1] });
  });

  it("is the last that is known where a segment was lost, and says that it is not known", () => {
    const made = recording({ seed: 2, lost: [3] });
    const [before, after] = [made.recorded.segments[2], made.recorded.segments[3]];
    if (before === undefined || after === undefined) throw new Error("expected a segment on either side");
    const found = courseAt(made, before.end + 5_000);
    expect(found.known).toBe(false);
    expect(found.course).toHaveLength(1);
    expect(found.course[0]?.state).toEqual(stateOf(made, before.end));
    expect(courseAt(made, after.start).course).toHaveLength(1);
  });

  it("steps to every moment at which anything changed, forwards and back", () => {
    const made = recording({ seed: 5, segments: 4 });
    const [frames, { segments }] = [framesIn(made), made.recorded];
    const moments: number[] = [START];
    for (let at: number | undefined = START; at !== undefined; ) {
      at = neighbour(segments, frames, at, 1);
      if (at !== undefined) moments.push(at);
    }
    expect(moments).toEqual(made.whole.map(({ at }) => at));
    const back: number[] = [];
    for (let at = moments.at(-1); at !== undefined; at = neighbour(segments, frames, at, -1)) back.unshift(at);
    expect(back).toEqual(moments);
  });

  it("steps to the edge of a segment that is not here yet", () => {
    const { segments } = recording({ seed: 5, segments: 4 }).recorded;
    const none = () => undefined;
    expect(neighbour(segments, none, START + 5_000, 1)).toBe(START + 30_000);
    expect(neighbour(segments, none, START + 30_000, -1)).toBe(START + 29_999);
    expect(neighbour(segments, none, START, -1)).toBeUndefined();
  });
});

const FOLDER = new URL("../../../tests/contract/golden/", import.meta.url);

describe("golden frames as a segment", () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith(".json")))("%s ends in the state the server holds", (file) => {
    const golden = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
    const text = [golden.keyframe, ...golden.diffs].map((line) => JSON.stringify(line)).join("\n");
    expect(framesOf(text, HZ).at(-1)?.state).toEqual(golden.final);
  });

  it.each([
    ["nothing", ""],
    ["a diff first", '{"type":"diff","seq":1,"tick":1,"patch":{}}'],
    ["another message", '{"type":"clock","now":1,"seq":1}'],
    ["no JSON", "{"],
  ])("refuses %s", (_, text) => {
    expect(() => framesOf(text, HZ)).toThrow(/expected/);
  });

  it("refuses a diff that does not follow", () => {
    const [first = "", second = "", third = ""] = (recording({ seed: 1 }).texts.get(0) ?? "").split("\n");
    expect(framesOf([first, second, third].join("\n"), HZ)).toHaveLength(3);
    expect(() => framesOf([first, third].join("\n"), HZ)).toThrow("expected diff 1, got 2");
  });
});
