/**
 * The server's time as this page estimates it. A message that says "now" arrives late by an unknown delay, never early, so the
 * largest offset seen within a window is the one with the least delay in it. The time handed out never goes back.
 */
export interface ServerClock {
  /** A message arrived that says the server's time, in milliseconds since the epoch. */
  observe(server: number): void;
  /** The server's time now, in milliseconds since the epoch. */
  now(): number;
  /** The server started its time anew (another epoch): forget what was seen, and going back is allowed once. */
  reset(): void;
}

const SLOT_MS = 10_000;
const SLOTS_MAX = 6;

interface Slot {
  readonly start: number;
  readonly best: number;
}

function noted(slots: readonly Slot[], local: number, offset: number): readonly Slot[] {
  const last = slots.at(-1);
  if (last === undefined || local - last.start >= SLOT_MS) return [...slots, { start: local, best: offset }].slice(-SLOTS_MAX);
  return offset <= last.best ? slots : [...slots.slice(0, -1), { start: last.start, best: offset }];
}

/**
 * @param local a monotone clock of this machine in milliseconds, such as `performance.now`
 * @param wall this machine's wall clock, the answer until the first message
 */
export function createServerClock(local: () => number, wall: () => number): ServerClock {
  let slots: readonly Slot[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  return {
    observe(server) {
      if (slots.length === 0) latest = Number.NEGATIVE_INFINITY;
      slots = noted(slots, local(), server - local());
    },
    now() {
      if (slots.length === 0) return Math.max(latest, wall());
      latest = Math.max(latest, local() + Math.max(...slots.map((slot) => slot.best)));
      return latest;
    },
    reset() {
      slots = [];
    },
  };
}
