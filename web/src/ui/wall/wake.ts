/** Keeps the screen from going dark while the page is shown. Where that is not allowed the screen's own settings decide. */

interface Lock {
  release(): Promise<void>;
}

export interface Waker {
  request(kind: "screen"): Promise<Lock>;
}

/** A browser takes its promise back whenever the page is hidden, so it is asked again when it is shown. */
export function keepAwake(page: Document, waker: Waker | undefined): () => void {
  if (waker === undefined) return () => undefined;
  let over = false;
  let lock: Lock | undefined;
  const ask = async () => {
    if (page.visibilityState !== "visible") return;
    const got = await waker.request("screen").catch(() => undefined);
    if (over) await got?.release().catch(() => undefined);
    else lock = got;
  };
  const again = () => void ask();
  page.addEventListener("visibilitychange", again);
  void ask();
  return () => {
    over = true;
    page.removeEventListener("visibilitychange", again);
    void lock?.release().catch(() => undefined);
  };
}
