import { describe, expect, it } from "vitest";
import type { Phase } from "../../src/net/link.ts";
import type { ServerMessage } from "../../src/net/protocol.ts";
import { createSocket, type Delivery, type Wire } from "../../src/net/socket.ts";
import { office } from "../office.ts";

interface FakeWire extends Wire {
  readonly sent: string[];
  closed: number | undefined;
}

function fakeWire(): FakeWire {
  const wire: FakeWire = {
    sent: [],
    closed: undefined,
    send: (data) => wire.sent.push(data),
    close: (code) => {
      wire.closed = code ?? 1005;
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  return wire;
}

function fakeTimers() {
  let next = 1;
  const pending = new Map<number, { readonly after: () => void; readonly ms: number }>();
  return {
    timers: {
      set(after: () => void, ms: number) {
        pending.set(next, { after, ms });
        next += 1;
        return next - 1;
      },
      clear: (id: number) => void pending.delete(id),
    },
    pending,
    fire(ms: number) {
      const found = [...pending].find(([, timer]) => timer.ms === ms);
      if (found === undefined) throw new Error(`no timer of ${ms} ms among ${[...pending.values()].map((timer) => timer.ms)}`);
      pending.delete(found[0]);
      found[1].after();
    },
  };
}

function setup(delivery: (message: ServerMessage) => Delivery = () => "nothing") {
  const wires: FakeWire[] = [];
  const protocols: string[] = [];
  const phases: Phase[] = [];
  const clock = fakeTimers();
  const socket = createSocket({
    open(subprotocol) {
      protocols.push(subprotocol);
      const wire = fakeWire();
      wires.push(wire);
      return wire;
    },
    timers: clock.timers,
    chance: () => 0,
    deliver: delivery,
    onPhase: (phase) => phases.push(phase),
  });
  return { wires, protocols, phases, clock, socket, wire: () => wires.at(-1) as FakeWire };
}

const KEYFRAME = JSON.stringify({ type: "keyframe", seq: 9, tick: 1, now: 5, state: office() });
const HELD = { epoch: 4, view: "full", seq: 9 };
const held = (message: ServerMessage): Delivery => (message.type === "keyframe" ? HELD : "nothing");

describe("the live socket", () => {
  it("opens with the subprotocol and says hello before anything else", () => {
    const { socket, wire, protocols } = setup();
    socket.start();
    expect(wire().sent).toEqual([]);
    wire().onopen?.();
    expect(protocols).toEqual(["tendesks.v1"]);
    expect(wire().sent).toEqual(['{"type":"hello"}']);
  });

  it("delivers messages, becomes live with the first frame and acknowledges", () => {
    const { socket, wire, phases, clock } = setup(held);
    socket.start();
    wire().onopen?.();
    wire().onmessage?.({ data: KEYFRAME });
    expect(phases).toEqual(["connecting", "live"]);
    clock.fire(5_000);
    expect(wire().sent.at(-1)).toBe('{"type":"ack","seq":9}');
  });

  it("opens a second socket after the first closed, and offers what it holds", () => {
    const { socket, wire, wires, clock } = setup(held);
    socket.start();
    wire().onopen?.();
    wire().onmessage?.({ data: KEYFRAME });
    wire().onclose?.({ code: 1006 });
    clock.fire(200);
    wire().onopen?.();
    expect(wires).toHaveLength(2);
    expect(JSON.parse(wire().sent[0] as string)).toEqual({ type: "hello", ...HELD });
  });

  it.each(["not json", '{"type":"surprise"}', '{"type":"diff","seq":"1","tick":1,"patch":{}}'])("drops a socket that says %s", (data) => {
    const { socket, wire, wires, phases, clock } = setup(held);
    socket.start();
    wire().onopen?.();
    wire().onmessage?.({ data });
    expect(wires[0]?.closed).toBe(1000);
    expect(phases.at(-1)).toBe("waiting");
    clock.fire(200);
    expect(wires).toHaveLength(2);
  });

  it("drops a socket whose frame does not fit", () => {
    const { socket, wire, wires } = setup(() => "gap");
    socket.start();
    wire().onopen?.();
    wire().onmessage?.({ data: KEYFRAME });
    expect(wires[0]?.closed).toBe(1000);
    expect(wires[0]?.onmessage).toBeNull();
  });

  it("leaves no timer and no socket behind when stopped", () => {
    const { socket, wire, clock } = setup(held);
    socket.start();
    wire().onopen?.();
    wire().onmessage?.({ data: KEYFRAME });
    socket.stop();
    expect(clock.pending.size).toBe(0);
    expect(wire().closed).toBe(1000);
  });

  it("waits as long as a planned stop asks", () => {
    const { socket, wire, clock } = setup(held);
    socket.start();
    wire().onopen?.();
    wire().onmessage?.({ data: '{"type":"restart","retry":3000}' });
    wire().onclose?.({ code: 1012 });
    clock.fire(3_000);
    expect(socket.link().phase).toBe("connecting");
  });
});
