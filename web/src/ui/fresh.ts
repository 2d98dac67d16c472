/** How fresh what is shown is, in the words of the live chip. Stale data is never shown without its age. */
import type { Phase } from "../net/link.ts";
import { age as aged } from "./numbers.ts";
import { words } from "./words.ts";

/** Nothing heard for so long: what is shown is old. */
export const STALE_MS = 8_000;

export interface Freshness {
  readonly look: "live" | "connecting" | "stale" | "over";
  readonly words: string;
  /** Shown beside the words. */
  readonly age?: number;
}

/** @param age milliseconds since the server was last heard; `undefined` before its first word */
export function freshness(phase: Phase, age: number | undefined): Freshness {
  if (phase === "ended") return { look: "over", words: words.live.ended };
  if (phase === "outdated") return { look: "over", words: words.live.outdated };
  if (phase === "signedout") return { look: "over", words: words.live.signedout };
  if (age === undefined) return { look: "connecting", words: words.live.connecting };
  if (age >= STALE_MS) return { look: "stale", words: words.live.old(aged(age)) };
  return phase === "live" ? { look: "live", words: words.live.live, age } : { look: "connecting", words: words.live.connecting, age };
}
