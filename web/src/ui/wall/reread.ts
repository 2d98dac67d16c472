/**
 * When a page that nobody touches reads itself anew: once a day in a quiet hour, or when the server has a newer one. Pure.
 * A reload while the server is away would leave the browser's own page of error there for good, so it is asked first.
 */

const HOUR_MS = 3_600_000;
/** Not again on the day it was opened. */
const AGE_MS_MIN = 20 * HOUR_MS;
/** After so long any hour will do. */
const AGE_MS_MAX = 48 * HOUR_MS;
/** Between two tries with a page that the server no longer speaks with. */
const OUTDATED_MS = 600_000;
const QUIET_FROM = 3;
const QUIET_TO = 5;

export interface Standing {
  /** When this page was read, and what time it is: milliseconds of this machine's clock. */
  readonly opened: number;
  readonly now: number;
  /** The hour of the day where the screen hangs, 0 to 23. */
  readonly hour: number;
  /** Tasks that run: while some do, the last quiet hour is waited for. */
  readonly running: number;
  /** The server speaks another version of the socket. */
  readonly outdated: boolean;
}

export function isDue({ opened, now, hour, running, outdated }: Standing): boolean {
  const age = now - opened;
  if (outdated) return age >= OUTDATED_MS;
  if (age >= AGE_MS_MAX) return true;
  if (age < AGE_MS_MIN || hour < QUIET_FROM || hour > QUIET_TO) return false;
  return running === 0 || hour === QUIET_TO;
}

export interface Reader {
  /** Whether the server has the page: its answer is ours, and no portal's or proxy's. */
  ask(): Promise<boolean>;
  reload(): void;
}

/** Reads the page anew if it is due and can be had; called from time to time, and asks one at a time. */
export function rereader({ ask, reload }: Reader): (standing: Standing) => Promise<void> {
  let asking = false;
  return async (standing) => {
    if (asking || !isDue(standing)) return;
    asking = true;
    try {
      if (await ask()) reload();
    } finally {
      asking = false;
    }
  };
}
