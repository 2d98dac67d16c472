/** An answer that is on its way, came, or did not: for panels that ask the server when they open. */
import { useEffect, useRef, useState } from "preact/hooks";

export type Fetched<T> =
  | { readonly state: "waiting"; readonly value?: undefined }
  | { readonly state: "here"; readonly value: T }
  | { readonly state: "failed"; readonly value?: T | undefined; readonly error: unknown };

/**
 * Asks anew whenever `keys` change; a late answer to an earlier question is dropped, and the last good answer stays while
 * a repeated question is on its way.
 */
export function useFetched<T>(ask: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[], keep = false): Fetched<T> {
  const [answer, setAnswer] = useState<Fetched<T>>({ state: "waiting" });
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    const controller = new AbortController();
    if (!keep) setAnswer({ state: "waiting" });
    latest.current(controller.signal).then(
      (value) => !controller.signal.aborted && setAnswer({ state: "here", value }),
      (error: unknown) => !controller.signal.aborted && setAnswer((before) => ({ state: "failed", value: before.value, error })),
    );
    return () => controller.abort();
  }, keys);
  return answer;
}
