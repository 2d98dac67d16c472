import { describe, expect, it } from "vitest";
import type { ServerMessage } from "../../src/net/protocol.ts";
import { accept, type Buffer, EMPTY, held } from "../../src/state/buffer.ts";
import { office } from "../office.ts";

const HELLO: ServerMessage = { type: "hello", office: "juniper", epoch: 4, seq: 9, now: 1_000, hz: 10, role: "owner", view: "full" };
const KEYFRAME: ServerMessage = { type: "keyframe", seq: 9, tick: 100, now: 50_000, state: office() };

function waiting(seq: number, count: number, tick = 100 + seq): ServerMessage {
  return { type: "diff", seq, tick, patch: { queue: { waiting: count } } };
}

function fed(...messages: readonly ServerMessage[]): Buffer {
  return messages.reduce((buffer, message) => accept(buffer, message).buffer, EMPTY);
}

describe("a buffer of frames", () => {
  it("holds what a keyframe and the diffs after it say", () => {
    const buffer = fed(HELLO, KEYFRAME, waiting(10, 5), waiting(11, 4));
    expect(held(buffer)).toEqual({ epoch: 4, view: "full", seq: 11 });
    expect(buffer.base?.state.queue).toEqual({ waiting: 4 });
  });

  it("gives each frame its time from the keyframe and the ticks since", () => {
    const outcome = accept(fed(HELLO, KEYFRAME), waiting(10, 5, 137));
    expect(outcome).toMatchObject({ kind: "state", at: 53_700 });
  });

  it.each([8, 9, 11, 12])("refuses diff %i after 9", (seq) => {
    const outcome = accept(fed(HELLO, KEYFRAME), waiting(seq, 5));
    expect(outcome).toMatchObject({ kind: "gap", why: `expected diff 10, got ${seq}` });
  });

  it("takes nothing after a gap until a keyframe", () => {
    const torn = accept(fed(HELLO, KEYFRAME), waiting(12, 5)).buffer;
    expect(accept(torn, waiting(10, 5)).kind).toBe("gap");
    expect(accept(torn, KEYFRAME).kind).toBe("state");
  });

  it("refuses a diff on a new socket that neither resumed nor sent a keyframe", () => {
    const again = accept(fed(HELLO, KEYFRAME), HELLO).buffer;
    expect(accept(again, waiting(10, 5)).kind).toBe("gap");
  });

  it("goes on after resumed, on the same baseline and time", () => {
    const buffer = fed(HELLO, KEYFRAME, waiting(10, 5), HELLO, { type: "resumed", from: 10, to: 12 });
    const outcome = accept(buffer, waiting(11, 3, 150));
    expect(outcome).toMatchObject({ kind: "state", at: 55_000, state: { queue: { waiting: 3 } } });
  });

  it.each([
    ["from another seq", HELLO, 8],
    ["in another epoch", { ...HELLO, epoch: 5 } as ServerMessage, 9],
    ["in another view", { ...HELLO, view: "titles" } as ServerMessage, 9],
  ])("does not resume %s", (_why, hello, from) => {
    expect(accept(fed(HELLO, KEYFRAME, hello), { type: "resumed", from, to: 12 }).kind).toBe("gap");
  });

  it("keeps showing the old state while a new epoch's keyframe is on its way", () => {
    const buffer = fed(HELLO, KEYFRAME, { ...HELLO, epoch: 5 } as ServerMessage);
    expect(buffer.base?.state).toBeDefined();
    expect(held(accept(buffer, { ...KEYFRAME, seq: 1 } as ServerMessage).buffer)).toEqual({ epoch: 5, view: "full", seq: 1 });
  });

  it("is not moved by messages that carry no frame", () => {
    const buffer = fed(HELLO, KEYFRAME);
    expect(accept(buffer, { type: "clock", now: 1, seq: 9 }).buffer).toBe(buffer);
    expect(accept(buffer, { type: "viewers", count: 2 }).buffer).toBe(buffer);
  });

  it("holds nothing before the first keyframe", () => {
    expect(held(fed(HELLO))).toBeUndefined();
    expect(accept(EMPTY, KEYFRAME).kind).toBe("gap");
  });
});
