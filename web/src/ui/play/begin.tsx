/** The page at `/play`: a recording that somebody has as a file, in the same room, without an account and without a server. */
import { signal } from "@preact/signals";
import { render } from "preact";
import { beat, dress, local } from "../../live.ts";
import { createApi } from "../../net/api.ts";
import { createHttp } from "../../net/http.ts";
import { createServerClock } from "../../state/clock.ts";
import { createStore } from "../../state/store.ts";
import { type App, AppContext } from "../app.ts";
import { Frame } from "../frame.tsx";
import { hang } from "../hook.ts";
import { browserKeep } from "../keep.ts";
import type { Started } from "../player/contract.ts";
import { startReplay } from "../player/start.ts";
import { GUEST } from "../rights.ts";
import { listen } from "../shortcuts.ts";
import { createDraft } from "../submit/draft.ts";
import { createView, hourHere } from "../view.ts";
import { droppedSource, onRecording } from "./drop.ts";
import { PlayPage } from "./page.tsx";
import { playWords } from "./words.ts";

const nothing = () => undefined;

function emptyPage(): App {
  const clock = createServerClock(local, Date.now);
  const http = createHttp(() => Promise.reject(new TypeError("no server is asked here")), nothing);
  return {
    store: createStore(clock, local),
    api: createApi(http),
    view: createView(browserKeep(), { width: innerWidth, height: innerHeight }, hourHere),
    draft: createDraft(() => Promise.resolve()),
    account: signal(undefined),
    kinds: signal({}),
    stage: signal(undefined),
    rights: GUEST,
    now: clock.now,
    enter: () => Promise.resolve(undefined),
    refreshAccount: () => Promise.resolve(),
  };
}

export function bePlay(root: Element): void {
  const base = emptyPage();
  let started: Started | undefined;
  dress(base.view);
  beat(base.view);
  hang(() => started?.app ?? base);
  listen(() => started?.app ?? base);
  function show(trouble?: string, reading = false): void {
    const part =
      started === undefined ? (
        <PlayPage trouble={trouble} reading={reading} take={(file) => void take(file)} />
      ) : (
        <AppContext.Provider value={started.app}>
          <Frame />
        </AppContext.Provider>
      );
    render(part, root);
  }
  async function take(file: File): Promise<void> {
    if (started === undefined) show(undefined, true);
    const source = droppedSource(file);
    const segments = await source.about().then(
      (about) => about.segments.length,
      () => 0,
    );
    if (segments === 0) return show(playWords.damaged);
    started?.close();
    started = startReplay(base, { source, recording: "", rights: GUEST, address: { write: nothing } });
    show();
  }
  onRecording(window, (file) => void take(file));
  show();
}
