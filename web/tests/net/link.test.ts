import { describe, expect, it } from "vitest";
import { ACK_MS, backoff, type Effect, type Link, type Notice, RESTING, SILENCE_MS, step } from "../../src/net/link.ts";

const HELD = { epoch: 4, view: "full", seq: 9 };

function play(notices: readonly Notice[], link: Link = RESTING): readonly [Link, readonly Effect[]] {
  let effects: readonly Effect[] = [];
  let now = link;
  for (const notice of notices) [now, effects] = step(now, notice, 0.5);
  return [now, effects];
}

const LIVE: readonly Notice[] = [{ type: "start" }, { type: "opened" }, { type: "held", held: HELD }];

function pause(effects: readonly Effect[]): number | undefined {
  return effects.flatMap((effect) => (effect.do === "wait" && effect.timer === "retry" ? [effect.ms] : []))[0];
}

describe("a link", () => {
  it("says hello first, with nothing where it holds nothing", () => {
    const [link, effects] = play(LIVE.slice(0, 2));
    expect(link.phase).toBe("connecting");
    expect(effects[0]).toEqual({ do: "send", message: { type: "hello" } });
    expect(effects).toContainEqual({ do: "wait", timer: "ack", ms: ACK_MS });
  });

  it("offers what it holds when it comes back", () => {
    const [, effects] = play([...LIVE, { type: "closed", code: 1006 }, { type: "due", timer: "retry" }, { type: "opened" }]);
    expect(effects[0]).toEqual({ do: "send", message: { type: "hello", ...HELD } });
  });

  it("acknowledges what it holds every five seconds", () => {
    const [, effects] = play([...LIVE, { type: "due", timer: "ack" }]);
    expect(effects).toEqual([
      { do: "send", message: { type: "ack", seq: 9 } },
      { do: "wait", timer: "ack", ms: ACK_MS },
    ]);
  });

  it.each([1006, 1012, 4408, 1001])("comes back after close %i", (code) => {
    const [link, effects] = play([...LIVE, { type: "closed", code }]);
    expect(link).toMatchObject({ phase: "waiting", held: HELD });
    expect(pause(effects)).toBeGreaterThan(0);
  });

  it.each([
    [4401, "signedout"],
    [4403, "ended"],
    [4404, "ended"],
    [4409, "outdated"],
  ])("stops after close %i: %s", (code, phase) => {
    const [link, effects] = play([...LIVE, { type: "closed", code }]);
    expect(link.phase).toBe(phase);
    expect(pause(effects)).toBeUndefined();
    expect(play([{ type: "due", timer: "retry" }], link)[1]).toEqual([]);
  });

  it("knocks once more when it is refused before it heard anything: it may have been too busy to say hello in time", () => {
    const refused: Notice = { type: "closed", code: 4401 };
    const [first, effects] = play([{ type: "start" }, { type: "opened" }, refused]);
    expect(first.phase).toBe("waiting");
    expect(pause(effects)).toBeGreaterThan(0);
    const [second] = play([{ type: "due", timer: "retry" }, { type: "opened" }, refused], first);
    expect(second.phase).toBe("signedout");
    const [live] = play([{ type: "due", timer: "retry" }, { type: "opened" }, { type: "held", held: HELD }, refused], first);
    expect(live.phase).toBe("signedout");
  });

  it("waits half a minute when there are too many", () => {
    expect(pause(play([...LIVE, { type: "closed", code: 4429 }])[1])).toBeGreaterThanOrEqual(30_000);
  });

  it("comes back when a planned stop said so", () => {
    const [, effects] = play([...LIVE, { type: "restart", retry: 2_000 }, { type: "closed", code: 1012 }]);
    expect(pause(effects)).toBe(2_250);
  });

  it("does not offer what did not fit", () => {
    const [link, effects] = play([...LIVE, { type: "gap" }]);
    expect(link.held).toBeUndefined();
    expect(effects).toContainEqual({ do: "drop" });
    expect(play([{ type: "due", timer: "retry" }, { type: "opened" }], link)[1][0]).toEqual({ do: "send", message: { type: "hello" } });
  });

  it("takes silence for a connection that is gone", () => {
    expect(play([...LIVE, { type: "heard" }])[1]).toEqual([{ do: "wait", timer: "silence", ms: SILENCE_MS }]);
    const [link, effects] = play([...LIVE, { type: "due", timer: "silence" }]);
    expect(link).toMatchObject({ phase: "waiting", held: HELD });
    expect(effects[0]).toEqual({ do: "drop" });
  });

  it("says when it is hidden and stops minding silence, and says when it is shown", () => {
    const [hidden, quiet] = play([...LIVE, { type: "visible", on: false }]);
    expect(quiet).toEqual([
      { do: "send", message: { type: "level", value: "hidden" } },
      { do: "forget", timer: "silence" },
    ]);
    expect(play([{ type: "heard" }], hidden)[1]).toEqual([{ do: "forget", timer: "silence" }]);
    expect(play([{ type: "visible", on: true }], hidden)[1][0]).toEqual({ do: "send", message: { type: "level", value: "full" } });
  });

  it("sends nothing before hello, and the level right after it", () => {
    const [link, effects] = play([{ type: "start" }, { type: "visible", on: false }]);
    expect(effects).toEqual([]);
    const sent = play([{ type: "opened" }], link)[1].flatMap((effect) => (effect.do === "send" ? [effect.message.type] : []));
    expect(sent).toEqual(["hello", "level"]);
  });

  it("tries at once when the page is looked at again", () => {
    const [link, effects] = play([...LIVE, { type: "closed", code: 1006 }, { type: "visible", on: true }]);
    expect(link.phase).toBe("connecting");
    expect(effects).toContainEqual({ do: "open" });
  });

  it("ignores what a dropped socket still says", () => {
    const [link] = play([...LIVE, { type: "stop" }]);
    expect(step(link, { type: "held", held: HELD }, 0)).toEqual([link, []]);
    expect(step(link, { type: "closed", code: 1006 }, 0)).toEqual([link, []]);
  });
});

describe("backoff", () => {
  it("doubles from 0.4 s to 10 s and spreads over its upper half", () => {
    expect([0, 1, 2, 3].map((tries) => backoff(tries, 0))).toEqual([200, 400, 800, 1_600]);
    expect([6, 20].map((tries) => backoff(tries, 0))).toEqual([5_000, 5_000]);
    expect(backoff(20, 0.999)).toBeLessThanOrEqual(10_000);
  });
});
