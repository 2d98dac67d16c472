/** A screen on a wall through nights without a network: on a clock that a test moves, with wires that are never real. */
import { describe, expect, it } from "vitest";
import { createPasses, type Pass } from "../../src/guest/pass.ts";
import { guestWire } from "../../src/guest/wire.ts";
import { createSocket, type Wire } from "../../src/net/socket.ts";
import { createServerClock } from "../../src/state/clock.ts";
import { createStore } from "../../src/state/store.ts";
import { freshness } from "../../src/ui/fresh.ts";
import { office } from "../office.ts";
import { chance } from "../random.ts";

const HOUR = 3_600_000;
const CLOCK_MS = 3_000;
const BEGAN = Date.UTC(2026, 10, 30, 18);

/** A machine with a clock of its own, a network that may be gone, and a server at the other end of it. */
function machine(seed: number) {
  const { next } = chance(seed);
  let now = 0;
  let serial = 0;
  const timers = new Map<number, { readonly at: number; readonly after: () => void }>();
  const net = { up: true, opened: 0, asked: 0 };
  let live: Wire | undefined;

  const set = (after: () => void, ms: number) => {
    serial += 1;
    timers.set(serial, { at: now + ms, after });
    return serial;
  };

  async function advance(ms: number): Promise<void> {
    const until = now + ms;
    for (;;) {
      const [id, due] = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (id === undefined || due === undefined) break;
      timers.delete(id);
      now = due.at;
      due.after();
      await Promise.resolve();
      await Promise.resolve();
    }
    now = until;
  }

  const say = (message: object) => live?.onmessage?.({ data: JSON.stringify(message) });

  /** Says its clock every three seconds for as long as there is a network. */
  function beat(wire: Wire): void {
    set(() => {
      if (live !== wire || !net.up) return;
      say({ type: "clock", now: BEGAN + now, seq: 1 });
      beat(wire);
    }, CLOCK_MS);
  }

  function open(): Wire {
    net.opened += 1;
    const wire: Wire = {
      onopen: null,
      onmessage: null,
      onclose: null,
      close: () => {
        if (live === wire) live = undefined;
      },
      send(data) {
        if (JSON.parse(data).type !== "hello") return;
        say({ type: "hello", office: "juniper", epoch: 1, seq: 1, now: BEGAN + now, hz: 10, role: "guest", view: "batches" });
        say({ type: "keyframe", seq: 1, tick: now, now: BEGAN + now, state: office() });
      },
    };
    set(() => {
      if (!net.up) return wire.onclose?.({ code: 1006 });
      live = wire;
      wire.onopen?.();
      beat(wire);
    }, 20);
    return wire;
  }

  const local = () => now;
  return { advance, local, net, next, open, set, clear: (id: number) => void timers.delete(id), waiting: () => timers.size };
}

type Machine = ReturnType<typeof machine>;

function screen(it: Machine, wire: (subprotocol: string) => Wire) {
  const store = createStore(
    createServerClock(it.local, () => BEGAN + it.local()),
    it.local,
  );
  const socket = createSocket({
    open: wire,
    timers: { set: it.set, clear: it.clear },
    chance: it.next,
    deliver: store.deliver,
    onPhase: store.enter,
  });
  socket.start();
  return store;
}

describe("a wall", () => {
  it("goes on by itself after a night of nine hours without a network, and says meanwhile how old it is", async () => {
    const it = machine(20_261_130);
    const store = screen(it, it.open);
    await it.advance(60_000);
    expect(freshness(store.phase.value, store.age()).look).toBe("live");
    it.net.up = false;
    await it.advance(60_000);
    expect(freshness(store.phase.value, store.age())).toMatchObject({ look: "stale", words: "62 s old" });
    await it.advance(9 * HOUR);
    expect(freshness(store.phase.value, store.age()).words).toBe("9 h old");
    expect(store.state.value).toEqual(office());
    expect(it.net.opened).toBeGreaterThan(1_000);
    expect(it.net.opened).toBeLessThan((9 * HOUR) / 4_000);
    expect(it.waiting()).toBeLessThan(6);
    it.net.up = true;
    await it.advance(15_000);
    expect(freshness(store.phase.value, store.age()).look).toBe("live");
    expect(store.connection().phase).toBe("live");
  });

  it("keeps its right by a link through the night: the grant that ran out is exchanged for another", async () => {
    const it = machine(7);
    let grants = 0;
    const ask = (): Promise<Pass> => {
      it.net.asked += 1;
      if (!it.net.up) return Promise.reject(new Error("away"));
      grants += 1;
      return Promise.resolve({ grant: `tdg_${grants}`, view: "batches", shows: { kind: "office", id: "juniper" } });
    };
    const passes = createPasses(ask, it.local);
    const store = screen(it, () => guestWire(it.open, passes, () => undefined));
    await it.advance(60_000);
    expect(store.phase.value).toBe("live");
    it.net.up = false;
    await it.advance(9 * HOUR);
    expect(store.phase.value).not.toBe("ended");
    expect(it.waiting()).toBeLessThan(6);
    it.net.up = true;
    await it.advance(15_000);
    expect(store.phase.value).toBe("live");
    expect(grants).toBe(2);
  });

  it.each([1, 2, 3])("stands days of a network that comes and goes (seed %i)", async (seed) => {
    const it = machine(seed);
    const store = screen(it, it.open);
    for (let day = 0; day < 4; day += 1) {
      for (let change = 0; change < 6; change += 1) {
        it.net.up = !it.net.up;
        await it.advance(it.next() * 3 * HOUR);
        if (!it.net.up) continue;
        await it.advance(30_000);
        expect(freshness(store.phase.value, store.age()).look).toBe("live");
      }
    }
    expect(it.waiting()).toBeLessThan(6);
  });
});
