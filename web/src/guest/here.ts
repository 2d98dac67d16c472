/** A replay and results have no socket that could be closed: their page asks to be told of the link's end, and is counted while it waits. */
import type { Http } from "../net/http.ts";
import { backoff } from "../net/link.ts";
import { LinkEnded } from "./pass.ts";

/** However fast the answers come, this is not asked more often. */
export const EACH_MS = 1_000;

export interface Waits {
  readonly local: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly chance: () => number;
}

const BROWSER: Waits = {
  local: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  chance: Math.random,
};

/**
 * Asks again and again until the link has ended, which the requests of a guest tell the page by themselves.
 * What fails otherwise is asked later: a server that is away is no end.
 */
export async function stayHere(http: Pick<Http, "ask">, { local, pause, chance }: Waits = BROWSER): Promise<void> {
  for (let tries = 0; ; ) {
    const began = local();
    try {
      await http.ask("/links/here");
      tries = 0;
      const left = EACH_MS - (local() - began);
      if (left > 0) await pause(left);
    } catch (error) {
      if (error instanceof LinkEnded) return;
      await pause(Math.max(EACH_MS, backoff(tries, chance())));
      tries += 1;
    }
  }
}
