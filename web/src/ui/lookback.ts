/** Into a replay and out of it again: which page is shown, and what the address says of it. The live office goes on meanwhile. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Http } from "../net/http.ts";
import type { Source } from "../replay/contract.ts";
import type { App } from "./app.ts";
import { memberAddress, replayIn, withoutReplay } from "./player/address.ts";
import type { Asked, Started } from "./player/contract.ts";
import { GUEST, LOOKING_BACK } from "./rights.ts";

export interface LookingBack {
  /** The live page, or that of the replay that is open. */
  readonly app: ReadonlySignal<App>;
  /** Opens what the address asks for, once the page is signed in. */
  begin(search: string): void;
  /** Opens a recording that is a file: nothing is asked of the server for it. */
  play(source: Source): void;
}

export function lookingBack(live: App, http: Http): LookingBack {
  const started = signal<Started | undefined>(undefined);
  let turn = 0;

  async function open(recording: string, asked: Asked = {}): Promise<void> {
    turn += 1;
    const mine = turn;
    // Fetched when somebody looks back for the first time: most never do.
    const [{ startReplay }, { serverSource }] = await Promise.all([import("./player/start.ts"), import("../replay/source.ts")]);
    if (mine !== turn) return;
    started.peek()?.close();
    const source = serverSource(http, recording);
    started.value = startReplay(page, { source, recording, asked, rights: LOOKING_BACK, address: memberAddress(recording), leave });
  }

  async function play(source: Source): Promise<void> {
    turn += 1;
    const mine = turn;
    const { startReplay } = await import("./player/start.ts");
    if (mine !== turn) return;
    started.peek()?.close();
    started.value = startReplay(page, { source, recording: "", rights: GUEST, address: { write: () => undefined }, leave });
  }

  function leave(): void {
    turn += 1;
    started.peek()?.close();
    started.value = undefined;
    live.view.open({ kind: "sidebar" });
    history.replaceState(history.state, "", location.pathname + withoutReplay(location.search));
  }

  function begin(search: string): void {
    const wish = replayIn(search);
    if (wish === undefined) return;
    const end = effect(() => {
      if (live.store.phase.value !== "live") return;
      queueMicrotask(() => end());
      void open(wish.recording, wish.asked);
    });
  }

  // Whoever is signed out is asked to sign in, and then is where they were.
  effect(() => {
    if (live.store.phase.value !== "signedout" || started.peek() === undefined) return;
    started.peek()?.close();
    started.value = undefined;
    begin(location.search);
  });

  const page: App = { ...live, lookBack: (recording, asked) => void open(recording, asked) };
  return { app: computed(() => started.value?.app ?? page), begin, play: (source) => void play(source) };
}
