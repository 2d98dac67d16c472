/** All figures of one batch, whichever of its two sources has them. */
import type { BatchDetail } from "../net/shapes.ts";
import type { Batch } from "../state/office.ts";

/** The figures of a batch, from the live state while it holds them, else from what HTTP told. */
export interface Figures extends Batch {
  readonly waiting: number;
  readonly cancelled: number;
}

export function figuresOf(live: Batch | undefined, told: BatchDetail | undefined): Figures | undefined {
  if (live !== undefined) {
    const rest = Math.max(0, live.total - live.done - live.failed - live.running);
    const cancelled = live.state === "cancelled" || live.state === "done" ? rest : Math.min(told?.cancelled ?? 0, rest);
    return { ...live, waiting: rest - cancelled, cancelled };
  }
  if (told === undefined) return undefined;
  const { name, state, total, done, failed, running, waiting, cancelled, order } = told;
  return { name, state, total, done, failed, running, waiting, cancelled, order };
}
