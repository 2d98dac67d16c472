/** A guest's page from its first moment: the secret, the exchange, and then what the link shows. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type ComponentChildren, render } from "preact";
import { beat, connect, dress, liveUrl, local } from "../live.ts";
import type { Mode } from "../mode.ts";
import { createApi } from "../net/api.ts";
import { browserWire } from "../net/browser.ts";
import { createHttp, type Fetch, type Http } from "../net/http.ts";
import { backoff } from "../net/link.ts";
import { createServerClock } from "../state/clock.ts";
import { createStore } from "../state/store.ts";
import { type App, AppContext } from "../ui/app.ts";
import { faceOf } from "../ui/face.ts";
import { EmbedFrame } from "../ui/guest/embed.tsx";
import { GuestFrame } from "../ui/guest/frame.tsx";
import { type Guest, GuestContext } from "../ui/guest/guest.ts";
import { OverPage } from "../ui/guest/over.tsx";
import { ResultsPage } from "../ui/guest/resultspage.tsx";
import type { Over } from "../ui/guest/words.ts";
import { hang } from "../ui/hook.ts";
import { browserKeep, memoryKeep } from "../ui/keep.ts";
import { GUEST } from "../ui/rights.ts";
import { listen, onResize } from "../ui/shortcuts.ts";
import { attend } from "../ui/sound/attend.ts";
import { createDraft } from "../ui/submit/draft.ts";
import { createView, hourHere, type View } from "../ui/view.ts";
import { guestFetch } from "./fetch.ts";
import { stayHere } from "./here.ts";
import { Crowded, createPasses, exchange, LinkEnded, type Pass, type Passes } from "./pass.ts";
import { createResults } from "./rows.ts";
import { takeSecret } from "./secret.ts";
import { guestWire } from "./wire.ts";
import "../ui/guest/guest.css";

type GuestMode = Extract<Mode, { kind: "guest" }>;

const CROWDED_MS = 30_000;

const nothing = () => undefined;
/** The session that this browser may have beside the link is no business of the link's page. */
const bareFetch: Fetch = (url, init) => fetch(url, { ...init, credentials: "omit" });

/** In a frame no storage is touched: a browser may forbid it there, and the embedding page says how light it is. */
function keepOf({ embedded }: GuestMode) {
  if (!embedded) return browserKeep();
  const theme = new URLSearchParams(location.search).get("theme");
  return memoryKeep(theme === null ? {} : { theme });
}

function viewOf(mode: GuestMode): View {
  const rooms = mode.embedded
    ? ({ sidebar: "bare", desk: "bare", batches: "bare", upstairs: "bare" } as const)
    : ({ sidebar: "strip", batch: "column", batches: "column" } as const);
  const view = createView(keepOf(mode), { width: innerWidth, height: innerHeight }, hourHere, rooms);
  view.face.value = faceOf(location.search);
  return view;
}

/** The same link in a tab of its own, where the person chooses the light. */
function wholeAddress({ link }: GuestMode, secret: string): string {
  const address = new URL(`/s/${link}${location.search}#${secret}`, location.origin);
  address.searchParams.delete("theme");
  return address.href;
}

interface Held {
  readonly app: App;
  readonly guest: Guest;
  readonly http: Http;
}

function furnish(mode: GuestMode, secret: string, pass: Pass, passes: Passes, crowded: Signal<boolean>): Held {
  const clock = createServerClock(local, Date.now);
  const http = createHttp(guestFetch(bareFetch, passes), nothing);
  const app: App = {
    store: createStore(clock, local),
    api: createApi(http),
    view: viewOf(mode),
    draft: createDraft(() => Promise.resolve()),
    account: signal(undefined),
    kinds: signal({}),
    stage: signal(undefined),
    rights: GUEST,
    now: clock.now,
    enter: () => Promise.resolve(undefined),
    refreshAccount: () => Promise.resolve(),
  };
  const whole = wholeAddress(mode, secret);
  return { app, http, guest: { view: pass.view, crowded, whole } };
}

interface Shown {
  /** The page, or that of a moment of a recording. */
  readonly app: App;
  readonly part: ComponentChildren;
}

/** The office as it is, for as long as the link is good. */
function watch(mode: GuestMode, { app }: Held, passes: Passes, crowded: Signal<boolean>): Shown {
  const tell = (code: number) => {
    crowded.value = code === 4429;
  };
  const socket = connect(app.store, (subprotocol) => guestWire(() => browserWire(liveUrl(), subprotocol), passes, tell));
  socket.start();
  if (!mode.embedded) attend(app, signal(false));
  return { app, part: mode.embedded ? <EmbedFrame /> : <GuestFrame /> };
}

function results({ app, http }: Held, passes: Passes, { shows, name }: Pass): Shown {
  const found = createResults(http, guestFetch(bareFetch, passes), shows.id);
  return { app, part: <ResultsPage results={found} name={name} /> };
}

/** Nothing stays on the screen once a link has ended. */
function Until({ ended, children }: { readonly ended: ReadonlySignal<boolean>; readonly children: ComponentChildren }) {
  return ended.value ? <OverPage why="ended" /> : children;
}

function show(mode: GuestMode, root: Element, { app, part }: Shown, guest: Guest, ended: ReadonlySignal<boolean>): void {
  dress(app.view);
  beat(app.view);
  hang(() => app);
  if (mode.embedded) onResize(app);
  else listen(() => app);
  render(
    <AppContext.Provider value={app}>
      <GuestContext.Provider value={guest}>
        <Until ended={ended}>{part}</Until>
      </GuestContext.Provider>
    </AppContext.Provider>,
    root,
  );
}

function overOf(error: unknown): Over {
  if (error instanceof LinkEnded) return "ended";
  return error instanceof Crowded ? "crowded" : "unreachable";
}

/** The first exchange says what the link shows; what may pass is waited for, and said. */
async function firstPass(passes: Passes, say: (why: Over) => void): Promise<Pass | undefined> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await passes.fresh();
    } catch (error) {
      const why = overOf(error);
      say(why);
      if (why === "ended") return undefined;
      const ms = why === "crowded" ? CROWDED_MS : backoff(tries, Math.random());
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
}

/** The player is fetched only by whoever looks back. */
async function shownBy(mode: GuestMode, pass: Pass, held: Held, passes: Passes, crowded: Signal<boolean>): Promise<Shown> {
  if (pass.shows.kind === "office") return watch(mode, held, passes, crowded);
  void stayHere(held.http);
  if (pass.shows.kind === "batch") return results(held, passes, pass);
  const { app, http, guest } = held;
  const { showReplay } = await import("./replay.tsx");
  return showReplay({ app, http, pass, embedded: mode.embedded, whole: guest.whole });
}

/** Whoever finds that the link has ended, the whole page hears it. */
function asking(mode: GuestMode, secret: string, ended: Signal<boolean>): () => Promise<Pass> {
  const http = createHttp(bareFetch, nothing);
  return async () => {
    try {
      return await exchange(http, mode.link, secret);
    } catch (error) {
      ended.value = error instanceof LinkEnded;
      throw error;
    }
  };
}

export async function beGuest(mode: GuestMode, root: Element): Promise<void> {
  // Another secret pasted into the address bar changes nothing but the fragment, so the page begins anew by itself.
  addEventListener("hashchange", () => location.reload());
  const say = (why: Over) => render(<OverPage why={why} />, root);
  const bare = () => history.replaceState(null, "", location.pathname + location.search);
  const secret = takeSecret(mode.link, { hash: location.hash, bare }, mode.embedded ? undefined : browserKeep(() => sessionStorage));
  if (secret === undefined) return say("keyless");
  const [ended, crowded] = [signal(false), signal(false)];
  const passes = createPasses(asking(mode, secret, ended), local);
  const pass = await firstPass(passes, say);
  if (pass === undefined) return;
  const held = furnish(mode, secret, pass, passes, crowded);
  show(mode, root, await shownBy(mode, pass, held, passes, crowded), held.guest, ended);
}
