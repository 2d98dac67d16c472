/** What keeps a wall screen going for days: it stays awake, and reads itself anew in a quiet hour. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../app.ts";
import { rereader } from "./reread.ts";
import { keepAwake, type Waker } from "./wake.ts";

const ASK_S = 60;

/** Its page is there, and it is ours: a portal's page or a proxy's would be all that is left after a reload. */
async function isThere(): Promise<boolean> {
  try {
    const response = await fetch(location.pathname + location.search, { cache: "no-store" });
    return response.ok && (await response.text()).includes('id="app"');
  } catch {
    return false;
  }
}

export function useCare(): void {
  const { store, view } = useApp();
  const opened = useRef(Date.now());
  const reread = useRef(rereader({ ask: isThere, reload: () => location.reload() }));
  useEffect(() => keepAwake(document, (navigator as { readonly wakeLock?: Waker }).wakeLock), []);
  useSignalEffect(() => {
    if (view.second.value % ASK_S !== 0) return;
    const now = Date.now();
    const running = store.office.peek()?.running ?? 0;
    const outdated = store.phase.peek() === "outdated";
    void reread.current({ opened: opened.current, now, hour: new Date(now).getHours(), running, outdated });
  });
}
