/**
 * The live connection as a pure state machine: a notice comes in, the next link and what to do about it come out.
 * Whoever pumps it carries the effects out in order, and owns the sockets and the timers.
 */
import type { Held } from "../state/buffer.ts";
import { type Remedy, remedy } from "./close.ts";
import type { ClientMessage } from "./protocol.ts";

export type Phase = "resting" | "connecting" | "live" | "waiting" | "signedout" | "ended" | "outdated";
export type Timer = "retry" | "ack" | "silence";

export interface Link {
  readonly phase: Phase;
  /** Tries since the last keyframe or resumed stream. */
  readonly tries: number;
  readonly held?: Held | undefined;
  readonly visible: boolean;
  /** Whether this socket's hello is out: nothing may be sent before it. */
  readonly greeted: boolean;
  /** Whether the socket before was refused before it said anything. */
  readonly doubted?: boolean | undefined;
  /** What a `restart` message asked to wait before the next try. */
  readonly restart?: number | undefined;
}

export type Notice =
  | { readonly type: "start" }
  | { readonly type: "opened" }
  /** Something was received: a message of any type. */
  | { readonly type: "heard" }
  /** A frame or `resumed` was applied; this is held now. */
  | { readonly type: "held"; readonly held: Held }
  | { readonly type: "restart"; readonly retry: number }
  /** What came does not fit what is held, or is no message of ours. */
  | { readonly type: "gap" }
  | { readonly type: "closed"; readonly code: number }
  | { readonly type: "due"; readonly timer: Timer }
  | { readonly type: "visible"; readonly on: boolean }
  | { readonly type: "stop" };

export type Effect =
  | { readonly do: "open" }
  | { readonly do: "send"; readonly message: ClientMessage }
  | { readonly do: "drop" }
  | { readonly do: "wait"; readonly timer: Timer; readonly ms: number }
  | { readonly do: "forget"; readonly timer: Timer };

export type Step = readonly [Link, readonly Effect[]];

export const ACK_MS = 5_000;
/** The server speaks at least every 3 s; five times that is a connection that is gone without saying so. */
export const SILENCE_MS = 15_000;
const BACKOFF_MS = 400;
const BACKOFF_MS_MAX = 10_000;
const LATER_MS = 30_000;

export const RESTING: Link = { phase: "resting", tries: 0, visible: true, greeted: false };

const QUIET: readonly Effect[] = [
  { do: "forget", timer: "ack" },
  { do: "forget", timer: "silence" },
];

/** Exponential, with a jitter of half of it, so that a thousand pages do not come back in the same instant. `chance` is in [0, 1). */
export function backoff(tries: number, chance: number): number {
  const whole = Math.min(BACKOFF_MS * 2 ** Math.min(tries, 10), BACKOFF_MS_MAX);
  return Math.round(whole / 2 + (whole / 2) * chance);
}

function pause(link: Link, how: Remedy, chance: number): number {
  if (link.restart !== undefined) return link.restart + Math.round(500 * chance);
  return backoff(link.tries, chance) + (how === "later" ? LATER_MS : 0);
}

function again(link: Link, how: Remedy, chance: number): Step {
  const held = how === "afresh" ? undefined : link.held;
  const next: Link = { ...link, phase: "waiting", tries: link.tries + 1, held, restart: undefined };
  return [next, [...QUIET, { do: "wait", timer: "retry", ms: pause(link, how, chance) }]];
}

/**
 * A machine that is too busy to say hello in time is refused just as a stranger is, and a screen on a wall must not be signed
 * out for it: who is refused at the door knocks once more.
 */
function closed(link: Link, how: Remedy, chance: number): Step {
  if (how === "signin" && link.phase === "connecting" && link.doubted !== true) return again({ ...link, doubted: true }, "retry", chance);
  if (how === "signin") return [{ ...link, phase: "signedout" }, QUIET];
  if (how === "ended" || how === "outdated") return [{ ...link, phase: how }, QUIET];
  return again(link, how, chance);
}

function listen(link: Link): readonly Effect[] {
  return link.visible ? [{ do: "wait", timer: "silence", ms: SILENCE_MS }] : [{ do: "forget", timer: "silence" }];
}

function connect(link: Link): Step {
  const next: Link = { ...link, phase: "connecting", greeted: false };
  return [next, [{ do: "forget", timer: "retry" }, { do: "open" }, ...listen(next)]];
}

function opened(link: Link): Step {
  const effects: Effect[] = [{ do: "send", message: { type: "hello", ...link.held } }];
  if (!link.visible) effects.push({ do: "send", message: { type: "level", value: "hidden" } });
  return [{ ...link, greeted: true }, [...effects, { do: "wait", timer: "ack", ms: ACK_MS }]];
}

function acknowledge(link: Link): Step {
  if (link.phase !== "live" || link.held === undefined) return [link, [{ do: "wait", timer: "ack", ms: ACK_MS }]];
  const message: ClientMessage = { type: "ack", seq: link.held.seq };
  return [
    link,
    [
      { do: "send", message },
      { do: "wait", timer: "ack", ms: ACK_MS },
    ],
  ];
}

function due(link: Link, timer: Timer, chance: number): Step {
  if (timer === "ack") return acknowledge(link);
  if (timer === "retry") return link.phase === "waiting" ? connect(link) : [link, []];
  const [next, effects] = again(link, "retry", chance);
  return [next, [{ do: "drop" }, ...effects]];
}

function look(link: Link, on: boolean): Step {
  const next: Link = { ...link, visible: on };
  if (on && link.phase === "waiting") return connect({ ...next, tries: 0 });
  if (!connected(link) || !link.greeted) return [next, []];
  return [next, [{ do: "send", message: { type: "level", value: on ? "full" : "hidden" } }, ...listen(next)]];
}

/** A held baseline that did not fit is not offered again; a gap in what came after a fresh keyframe waits as any failure does. */
function gap(link: Link, chance: number): Step {
  const [next, effects] = again(link, "afresh", chance);
  return [next, [{ do: "drop" }, ...effects]];
}

function connected(link: Link): boolean {
  return link.phase === "connecting" || link.phase === "live";
}

/** What holds only while a socket is there; a notice of one that was dropped changes nothing. */
function onSocket(link: Link, notice: Notice, chance: number): Step {
  switch (notice.type) {
    case "opened":
      return opened(link);
    case "heard":
      return [link, listen(link)];
    case "held":
      return [{ ...link, phase: "live", tries: 0, doubted: false, held: notice.held }, []];
    case "restart":
      return [{ ...link, restart: notice.retry }, []];
    case "gap":
      return gap(link, chance);
    case "closed":
      return closed(link, remedy(notice.code), chance);
    default:
      return [link, []];
  }
}

/** @param chance a number in [0, 1), drawn anew for each step */
export function step(link: Link, notice: Notice, chance: number): Step {
  switch (notice.type) {
    case "start":
      return connected(link) ? [link, []] : connect({ ...link, tries: 0 });
    case "due":
      return due(link, notice.timer, chance);
    case "visible":
      return look(link, notice.on);
    case "stop":
      return [{ ...link, phase: "resting" }, [...QUIET, { do: "forget", timer: "retry" }, { do: "drop" }]];
    default:
      return connected(link) ? onSocket(link, notice, chance) : [link, []];
  }
}
