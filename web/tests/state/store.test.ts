import { effect } from "@preact/signals";
import { describe, expect, it } from "vitest";
import type { ServerMessage } from "../../src/net/protocol.ts";
import { createServerClock } from "../../src/state/clock.ts";
import { createStore } from "../../src/state/store.ts";
import { office } from "../office.ts";

const HELLO: ServerMessage = { type: "hello", office: "juniper", epoch: 4, seq: 9, now: 50_000, hz: 10, role: "owner", view: "full" };
const KEYFRAME: ServerMessage = { type: "keyframe", seq: 9, tick: 100, now: 50_000, state: office() };

function setup() {
  let local = 0;
  const clock = createServerClock(
    () => local,
    () => 0,
  );
  const store = createStore(clock, () => local);
  return {
    store,
    clock,
    pass: (ms: number) => {
      local += ms;
    },
  };
}

describe("the store", () => {
  it("holds what the frames say and says what it holds", () => {
    const { store } = setup();
    expect(store.deliver(HELLO)).toBe("nothing");
    expect(store.deliver(KEYFRAME)).toEqual({ epoch: 4, view: "full", seq: 9 });
    expect(store.deliver({ type: "diff", seq: 10, tick: 101, patch: { queue: { waiting: 5 } } })).toEqual({
      epoch: 4,
      view: "full",
      seq: 10,
    });
    expect(store.queue.value).toEqual({ waiting: 5 });
    expect(store.role.value).toBe("owner");
  });

  it("refuses a gap and keeps what it showed", () => {
    const { store } = setup();
    store.deliver(HELLO);
    store.deliver(KEYFRAME);
    expect(store.deliver({ type: "diff", seq: 12, tick: 101, patch: { queue: { waiting: 5 } } })).toBe("gap");
    expect(store.queue.value).toEqual({ waiting: 0 });
  });

  it("wakes only the slices that changed", () => {
    const { store } = setup();
    store.deliver(HELLO);
    store.deliver(KEYFRAME);
    const woken = { queue: 0, desks: 0 };
    effect(() => {
      woken.queue += store.queue.value === undefined ? 0 : 1;
    });
    effect(() => {
      woken.desks += Object.keys(store.desks.value).length > 0 ? 1 : 0;
    });
    store.deliver({ type: "diff", seq: 10, tick: 101, patch: { queue: { waiting: 5 } } });
    expect(woken).toEqual({ queue: 2, desks: 1 });
  });

  it("knows how long ago it was spoken to, by any message", () => {
    const { store, pass } = setup();
    expect(store.age()).toBeUndefined();
    store.deliver(HELLO);
    pass(7_000);
    expect(store.age()).toBe(7_000);
    store.deliver({ type: "clock", now: 57_000, seq: 9 });
    expect(store.age()).toBe(0);
  });

  it("tells the server's time", () => {
    const { store, clock, pass } = setup();
    store.deliver(HELLO);
    pass(250);
    expect(clock.now()).toBe(50_250);
  });

  it("says its connection for whoever asks", () => {
    const { store } = setup();
    expect(store.connection()).toEqual({ phase: "resting" });
    store.enter("live");
    store.deliver(HELLO);
    store.deliver(KEYFRAME);
    expect(store.connection()).toEqual({ phase: "live", epoch: 4, seq: 9 });
  });
});
