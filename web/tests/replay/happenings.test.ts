import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import type { Piece } from "../../src/replay/contract.ts";
import { createFinder, type OpenPart } from "../../src/replay/finder.ts";
import { framesOf } from "../../src/replay/frames.ts";
import { happeningsIn } from "../../src/replay/happenings.ts";
import type { Shown } from "../../src/state/course.ts";
import type { Desk, OfficeState } from "../../src/state/office.ts";
import { office, withDesk } from "../office.ts";
import { HZ, recording } from "./recording.ts";

const NOW = 1_795_450_000_000;
const at = (second: number, state: OfficeState): Shown => ({ at: NOW + second * 1000, state });
const desk = (state: OfficeState, parts: Partial<Desk>) => withDesk(state, 2, parts);
const WORKS = desk(office(), { activity: "working", since: NOW + 1000, execution: "e1", title: "Acme", batch: "b1" });
const words = (frames: readonly Shown[], begins = false) =>
  happeningsIn(frames, begins).map(({ at: moment, what, title, desk: index }) => [(moment - NOW) / 1000, what, title, index]);

describe("what happened", () => {
  it("is that a task started and how it ended, each once", () => {
    const noted = desk(WORKS, { note: "reading" });
    const done = desk(noted, { activity: "done", since: NOW + 4000 });
    expect(words([at(0, office()), at(1, WORKS), at(2, noted), at(4, done), at(5, office())])).toEqual([
      [1, "started", "Acme", 2],
      [4, "done", "Acme", 2],
    ]);
  });

  it("is another start when the desk goes on with another execution at once", () => {
    const next = desk(WORKS, { execution: "e2", title: "Birch", since: NOW + 3000 });
    expect(words([at(1, WORKS), at(3, next)])).toEqual([[3, "started", "Birch", 2]]);
  });

  it("goes by what it is where the view shows no executions", () => {
    const bare = (title: string) => desk(office(), { activity: "working", since: NOW, title });
    expect(words([at(1, bare("Acme")), at(2, desk(bare("Acme"), { note: "x" })), at(3, bare("Birch"))])).toEqual([
      [3, "started", "Birch", 2],
    ]);
  });

  it("says that a failure is tried again", () => {
    const failed = desk(WORKS, { activity: "failed", since: NOW + 4000, reason: "timeout", until: NOW + 60_000 });
    expect(happeningsIn([at(1, WORKS), at(4, failed)], false)).toMatchObject([
      { what: "failed", reason: "timeout", again: true, worker: "Chiyo" },
    ]);
  });

  it("tells of who starts upstairs, and not again when they come down", () => {
    const person = { title: "Acme", batch: "b1", since: NOW + 1000 };
    const up = { ...office(), overflow: { count: 1, shown: { e1: person } } };
    expect(words([at(0, office()), at(1, up), at(3, WORKS)])).toEqual([[1, "upstairs", "Acme", undefined]]);
  });

  it("does not take whoever moves up in the list for new", () => {
    const old = { title: "Old", since: NOW - 60_000 };
    expect(words([at(0, office()), at(1, { ...office(), overflow: { count: 30, shown: { e7: old } } })])).toEqual([]);
  });

  it("tells of the first frame who has just begun, and of no one else", () => {
    expect(words([at(1, WORKS)], true)).toEqual([[1, "started", "Acme", 2]]);
    expect(words([at(9, WORKS)], true)).toEqual([]);
    expect(words([at(1, WORKS)])).toEqual([]);
  });
});

describe("looking through a recording", () => {
  it("finds in pieces what is in the whole", async () => {
    const made = recording({ seed: 5, segments: 12 });
    const finder = createFinder({
      pieces: () => made.recorded.segments,
      open: () => undefined,
      load: async (n, signal) => framesOf(await made.source.segment(n, signal), HZ),
    });
    finder.begin();
    await expect.poll(() => finder.progress.value.read).toBe(12);
    await expect.poll(() => finder.happenings.value).toEqual(happeningsIn(made.whole, true));
    expect(finder.happenings.value.length).toBeGreaterThan(20);
    const asked = made.asked.length;
    finder.begin();
    await Promise.resolve();
    expect(made.asked).toHaveLength(asked);
  });

  it("stops when nobody looks any more, and goes on later", async () => {
    const made = recording({ seed: 6, segments: 12 });
    const finder = createFinder({
      pieces: () => made.recorded.segments,
      open: () => undefined,
      load: async (n, signal) => framesOf(await made.source.segment(n, signal), HZ),
    });
    finder.begin();
    finder.rest();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(finder.progress.value.read).toBeLessThan(3);
    finder.begin();
    await expect.poll(() => finder.progress.value.read).toBe(12);
  });

  it("says how much did not come", async () => {
    const made = recording({ seed: 7, segments: 4 });
    made.texts.delete(2);
    const finder = createFinder({
      pieces: () => made.recorded.segments,
      open: () => undefined,
      load: async (n, signal) => framesOf(await made.source.segment(n, signal), HZ),
    });
    finder.begin();
    await expect.poll(() => finder.progress.value).toEqual({ read: 3, of: 4, failed: 1, full: false });
  });

  it("finds in the open segment too, and each once when it has been closed", async () => {
    const made = recording({ seed: 5, segments: 3 });
    const frames = framesOf(await made.source.segment(2, new AbortController().signal), HZ);
    const open = signal<OpenPart | undefined>({ frames: frames.slice(0, -1), begins: false });
    const pieces = signal<readonly Piece[]>(made.recorded.segments.slice(0, 2));
    const finder = createFinder({
      pieces: () => pieces.peek(),
      open: () => open.value,
      load: async (n, asked) => framesOf(await made.source.segment(n, asked), HZ),
    });
    expect(finder.happenings.value).toEqual(happeningsIn(frames.slice(0, -1), false));
    finder.begin();
    await expect.poll(() => finder.progress.value.read).toBe(2);
    pieces.value = made.recorded.segments;
    open.value = undefined;
    finder.begin();
    await expect.poll(() => finder.happenings.value).toEqual(happeningsIn(made.whole, true));
  });
});
