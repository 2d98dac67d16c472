/** A thin pump around the link: owns the one WebSocket and the timers, carries out what `step` says, and decides nothing. */
import type { Held } from "../state/buffer.ts";
import { type Effect, type Link, type Notice, type Phase, RESTING, step, type Timer } from "./link.ts";
import { parse, type ServerMessage, SUBPROTOCOL } from "./protocol.ts";

/** What the pump needs of a WebSocket. */
export interface Wire {
  send(data: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
}

export interface Timers {
  set(after: () => void, ms: number): number;
  clear(id: number): void;
}

/** What became of a message: what is held after it, nothing to hold, or that it does not fit. */
export type Delivery = Held | "nothing" | "gap";

export interface SocketOptions {
  readonly open: (subprotocol: string) => Wire;
  readonly timers: Timers;
  /** A number in [0, 1), as `Math.random` gives. */
  readonly chance: () => number;
  readonly deliver: (message: ServerMessage) => Delivery;
  readonly onPhase: (phase: Phase) => void;
}

export interface LiveSocket {
  start(): void;
  stop(): void;
  /** The page was shown or hidden. */
  visible(on: boolean): void;
  link(): Link;
}

function noticeOf(delivery: Delivery): Notice | undefined {
  if (delivery === "nothing") return undefined;
  return delivery === "gap" ? { type: "gap" } : { type: "held", held: delivery };
}

export function createSocket(options: SocketOptions): LiveSocket {
  let link = RESTING;
  let wire: Wire | undefined;
  const pending = new Map<Timer, number>();

  function forget(timer: Timer): void {
    const id = pending.get(timer);
    if (id !== undefined) options.timers.clear(id);
    pending.delete(timer);
  }

  function wait(timer: Timer, ms: number): void {
    forget(timer);
    const after = () => {
      pending.delete(timer);
      notice({ type: "due", timer });
    };
    pending.set(timer, options.timers.set(after, ms));
  }

  function drop(): void {
    if (wire === undefined) return;
    wire.onopen = wire.onmessage = wire.onclose = null;
    wire.close(1000);
    wire = undefined;
  }

  function receive(data: unknown): void {
    notice({ type: "heard" });
    let message: ServerMessage;
    try {
      message = parse(data);
    } catch {
      notice({ type: "gap" });
      return;
    }
    if (message.type === "restart") notice({ type: "restart", retry: message.retry });
    const outcome = noticeOf(options.deliver(message));
    if (outcome !== undefined) notice(outcome);
  }

  function open(): void {
    drop();
    wire = options.open(SUBPROTOCOL);
    wire.onopen = () => notice({ type: "opened" });
    wire.onmessage = (event) => receive(event.data);
    wire.onclose = (event) => {
      wire = undefined;
      notice({ type: "closed", code: event.code });
    };
  }

  function carryOut(effect: Effect): void {
    if (effect.do === "open") open();
    else if (effect.do === "send") wire?.send(JSON.stringify(effect.message));
    else if (effect.do === "drop") drop();
    else if (effect.do === "wait") wait(effect.timer, effect.ms);
    else forget(effect.timer);
  }

  function notice(what: Notice): void {
    const [next, effects] = step(link, what, options.chance());
    const changed = next.phase !== link.phase;
    link = next;
    for (const effect of effects) carryOut(effect);
    if (changed) options.onPhase(link.phase);
  }

  return {
    start: () => notice({ type: "start" }),
    stop: () => notice({ type: "stop" }),
    visible: (on) => notice({ type: "visible", on }),
    link: () => link,
  };
}
