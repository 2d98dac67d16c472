import { describe, expect, it } from "vitest";
import { Unreachable } from "../../src/net/http.ts";
import { createPlayer, type Wish } from "../../src/replay/player.ts";
import { stateAt } from "../../src/state/course.ts";
import { chance } from "../random.ts";
import { type Made, recording, START, stateOf } from "./recording.ts";

const settle = async () => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setTimeout(resolve));
};

async function playing(made: Made, wish: Wish = {}) {
  let now = 0;
  let next: (() => void) | undefined;
  const player = createPlayer({
    source: made.source,
    wish,
    local: () => now,
    frame: (turn) => {
      next = turn;
      return () => {
        next = undefined;
      };
    },
  });
  await settle();
  /** So much time passes, a picture every 50 ms of it. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      now += 50;
      const turn = next;
      next = undefined;
      turn?.();
      await settle();
    }
  }
  const turns = () => next !== undefined;
  return { player, pass, turns };
}

/** Long, so that not all of it is fetched at once. */
const LONG = { segments: 40 } as const;

describe("the player", () => {
  it("stands at the beginning, and asks for no more than what is round it", async () => {
    const made = recording({ seed: 1, ...LONG });
    const { player, turns } = await playing(made);
    expect(player.position.value).toBe(START);
    expect(player.store.state.value).toEqual(stateOf(made, START));
    expect(player.playing.value).toBe(false);
    expect(made.asked.sort()).toEqual([0, 1]);
    expect(turns()).toBe(false);
  });

  it.each([11, 12, 13])("shows at every moment what was, sought or played to (seed %i)", async (seed) => {
    const made = recording({ seed, ...LONG });
    const random = chance(seed);
    const { player, pass } = await playing(made);
    for (let turn = 0; turn < 25; turn += 1) {
      const at = START + random.below(39 * 30_000);
      player.seek(at);
      await settle();
      expect(player.shown.value).toBe(at);
      if (random.below(2) === 0) {
        player.speed.value = random.pick([0.5, 1, 4, 16, 64]);
        player.play();
        await pass(random.below(6) * 50);
        player.pause();
        await settle();
      }
      const shown = player.shown.value;
      expect(player.waiting.value).toBe(false);
      for (const back of [0, 120, 250]) {
        expect(stateAt(player.store.course.value, { at: shown - back })).toEqual(stateOf(made, shown - back) ?? undefined);
      }
    }
  });

  it("goes on by its speed while it plays, to the end, and rests there", async () => {
    const made = recording({ seed: 2, segments: 2 });
    const { player, pass, turns } = await playing(made, { playing: true, speed: 4 });
    await pass(500);
    expect(player.position.value - START).toBeGreaterThanOrEqual(4 * 450);
    expect(player.position.value - START).toBeLessThanOrEqual(4 * 500);
    player.speed.value = 64;
    await pass(1_500);
    expect(player.playing.value).toBe(false);
    expect(player.position.value).toBe(player.bounds.value[1]);
    expect(turns()).toBe(false);
    player.play();
    expect(player.position.value).toBe(START);
  });

  it("begins anew where it is told to", async () => {
    const made = recording({ seed: 2, segments: 2 });
    const { player, pass } = await playing(made, { playing: true, speed: 64 });
    player.loop.value = true;
    await pass(1_500);
    expect(player.playing.value).toBe(true);
  });

  it("leaps over idle stretches while it plays, and not when told to keep them", async () => {
    const made = recording({ seed: 3, idle: [[START + 1_000, START + 100_000]] });
    const { player, pass } = await playing(made, { playing: true });
    player.seek(START + 2_990);
    await pass(200);
    expect(player.position.value).toBeGreaterThan(START + 98_000);
    player.skipping.value = false;
    player.seek(START + 2_990);
    await pass(200);
    expect(player.position.value).toBeLessThan(START + 4_000);
  });

  it("says where nothing is stored, and leaps over it", async () => {
    const made = recording({ seed: 4, lost: [2] });
    const { player, pass } = await playing(made);
    const [from, to] = player.gaps.value[0] ?? [0, 0];
    expect(to).toBe(START + 90_000);
    player.seek(from + 2_000);
    expect(player.known.value).toBe(false);
    expect(player.store.age()).toBeGreaterThan(8_000);
    player.play();
    await pass(100);
    expect(player.position.value).toBeGreaterThanOrEqual(to);
    expect(player.known.value).toBe(true);
  });

  it("counts a segment that is there no more as not stored", async () => {
    const made = recording({ seed: 5, segments: 4 });
    made.texts.delete(2);
    const { player } = await playing(made);
    await settle();
    expect(player.gaps.value).toEqual([[START + 60_000, START + 90_000]]);
    player.seek(START + 70_000);
    expect(player.known.value).toBe(false);
    expect(player.waiting.value).toBe(false);
  });

  it("steps from change to change, and rests", async () => {
    const made = recording({ seed: 6 });
    const { player } = await playing(made, { playing: true });
    player.seek(START);
    player.step(1);
    expect(player.playing.value).toBe(false);
    expect(player.position.value).toBe(made.whole[1]?.at);
    player.step(1);
    player.step(-1);
    expect(player.position.value).toBe(made.whole[1]?.at);
  });

  it("goes to markers, and stays where there is none", async () => {
    const markers = [5_000, 9_000].map((at) => ({ at: START + at, kind: "failed" }));
    const { player } = await playing(recording({ seed: 7, markers }));
    player.marker(1);
    player.marker(1);
    expect(player.position.value).toBe(START + 9_000);
    player.marker(1);
    expect(player.position.value).toBe(START + 9_000);
    player.marker(-1);
    expect(player.position.value).toBe(START + 5_000);
  });

  it("goes on into the segment that is not closed yet", async () => {
    const made = recording({ seed: 8, segments: 3, live: true });
    const { player } = await playing(made);
    const last = made.whole.at(-1)?.at ?? 0;
    expect(player.bounds.value[1]).toBe(last);
    player.seek(last);
    expect(player.store.state.value).toEqual(stateOf(made, last));
    expect(made.asked).not.toContain(-1);
    expect(player.lines.value.flat().at(-1)?.running).toBe(stateOf(made, last)?.office.running);
  });

  it("goes to where a link says, within the bounds", async () => {
    const made = recording({ seed: 9 });
    const { player } = await playing(made, { at: () => START + 12_345 });
    expect(player.position.value).toBe(START + 12_345);
    player.seek(START - 5_000_000);
    expect(player.position.value).toBe(START);
  });

  it("says so when there is no such recording", async () => {
    const made = recording({ seed: 1 });
    const failing = { ...made, source: { ...made.source, about: () => Promise.reject(new Error("gone")) } };
    const { player, turns } = await playing(failing);
    expect(player.trouble.value).toBeInstanceOf(Error);
    expect(player.recorded.value).toBeUndefined();
    player.seek(5);
    player.play();
    expect(player.store.state.value).toBeUndefined();
    expect(turns()).toBe(false);
  });

  it("asks again where nothing answered", async () => {
    const made = recording({ seed: 1 });
    let answers = false;
    const about = () => (answers ? made.source.about() : Promise.reject(new Unreachable("gone")));
    const { player, pass } = await playing({ ...made, source: { ...made.source, about } });
    await pass(1_000);
    answers = true;
    await pass(6_000);
    expect(player.store.state.value).toEqual(stateOf(made, START));
    expect(player.trouble.value).toBeUndefined();
  });

  it("asks for nothing more once it is closed", async () => {
    const made = recording({ seed: 1, ...LONG });
    const { player, pass } = await playing(made, { playing: true, speed: 64 });
    player.close();
    const asked = made.asked.length;
    await pass(500);
    expect(made.asked.length).toBe(asked);
  });
});
