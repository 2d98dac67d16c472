/** Puts the parts together: clock, store, socket, requests, view, and the page they are shown on. */
import { computed, effect, type Signal, signal } from "@preact/signals";
import { render } from "preact";
import { beat, connect, dress, liveUrl, local } from "./live.ts";
import { modeOf } from "./mode.ts";
import type { Account } from "./net/account.ts";
import { type Api, createApi } from "./net/api.ts";
import { browserWire } from "./net/browser.ts";
import { createHttp, Problem, Unreachable } from "./net/http.ts";
import { createPeople } from "./net/people.ts";
import type { BatchDetail, Page } from "./net/shapes.ts";
import type { LiveSocket } from "./net/socket.ts";
import type { Stage } from "./scene/contract.ts";
import { createServerClock } from "./state/clock.ts";
import { createStore, type OfficeStore } from "./state/store.ts";
import { type App, AppContext } from "./ui/app.ts";
import { faceOf } from "./ui/face.ts";
import { isEmpty } from "./ui/facts.ts";
import { Frame } from "./ui/frame.tsx";
import { hang } from "./ui/hook.ts";
import { browserKeep } from "./ui/keep.ts";
import { type LookingBack, lookingBack } from "./ui/lookback.ts";
import { droppedSource, onRecording } from "./ui/play/drop.ts";
import { arrivalIn, createPurchase, type Purchase, type Till } from "./ui/purchase.ts";
import { MEMBER } from "./ui/rights.ts";
import { listen } from "./ui/shortcuts.ts";
import { attend } from "./ui/sound/attend.ts";
import { createDraft } from "./ui/submit/draft.ts";
import { letterOfHash, refusalOfHash, tokenOfHash } from "./ui/token.ts";
import { createView, hourHere, type View } from "./ui/view.ts";
import type { Kinds } from "./ui/why.ts";
import { words } from "./ui/words.ts";
import "./ui/styles.css";

function failure(error: unknown): string {
  if (error instanceof Problem && error.status < 500) return words.signin.refused;
  return error instanceof Unreachable ? words.signin.unreachable : words.trouble.other;
}

/** Trades the token for a session; the address no longer shows it, whatever came of it. */
function entrance(api: Api, socket: LiveSocket): App["enter"] {
  return async (token) => {
    try {
      await api.session(token);
    } catch (error) {
      return failure(error);
    } finally {
      history.replaceState(null, "", location.pathname + location.search);
    }
    socket.start();
    return undefined;
  };
}

/** The account is asked for once the socket is live: a visitor without a session is told by its close code, not by a failed request. */
function watchAccount({ store, refreshAccount }: App): void {
  const tier = computed(() => store.office.value?.tier);
  effect(() => {
    if (store.phase.value === "live" && tier.value !== undefined) void refreshAccount();
  });
}

/** Somebody who comes back from where one pays sees what came of it; the address says nothing of it any more. */
function arrive(view: View, till: Omit<Till, "view" | "keep" | "go">): Purchase {
  const [arrival, rest] = arrivalIn(location.search);
  if (arrival !== undefined) history.replaceState(null, "", location.pathname + rest + location.hash);
  const keep = browserKeep(() => sessionStorage);
  const purchase = createPurchase(arrival, { ...till, view, keep, go: (address) => location.assign(address) });
  if (arrival === "back") view.open({ kind: purchase.stage.peek() === "back" ? "plans" : "account" });
  return purchase;
}

/**
 * Kinds of batches are not in the live state. They are asked for when it says that room is lacking while nothing runs: then it
 * may be that all that waits is for the user's own runners.
 */
function watchKinds({ store, api, kinds }: App & { readonly kinds: Signal<Kinds> }): void {
  const lacking = computed(() => {
    const state = store.state.value;
    const asked = state?.queue.blocked === "capacity" && state.office.running === 0;
    return asked
      ? Object.keys(state.batches)
          .filter((id) => kinds.value[id] === undefined)
          .join()
      : "";
  });
  effect(() => {
    if (lacking.value === "") return;
    const learn = (page: Page<BatchDetail>) => {
      kinds.value = { ...kinds.peek(), ...Object.fromEntries(page.items.map((batch) => [batch.id, batch.kind])) };
    };
    api.batches().then(learn, () => undefined);
  });
}

function watchEmptiness(store: OfficeStore, view: View): void {
  effect(() => {
    const state = store.state.value;
    view.hello.value = state !== undefined && isEmpty(state);
  });
}

interface Built {
  readonly app: App & { readonly kinds: Signal<Kinds> };
  readonly socket: LiveSocket;
  readonly looking: LookingBack;
}

function build(): Built {
  const clock = createServerClock(local, Date.now);
  const store = createStore(clock, local);
  const socket = connect(store, (subprotocol) => browserWire(liveUrl(), subprotocol));
  const http = createHttp((url, init) => fetch(url, init), signOut);
  const api = createApi(http);
  const view = createView(browserKeep(), { width: innerWidth, height: innerHeight }, hourHere);
  view.face.value = faceOf(location.search);
  const account: Signal<Account | undefined> = signal(undefined);
  function signOut(): void {
    socket.stop();
    store.enter("signedout");
  }
  async function refreshAccount(): Promise<void> {
    account.value = await api.account().catch(() => account.value);
  }
  const draft = createDraft(() => new Promise((resolve) => setTimeout(resolve)));
  const kinds = signal<Kinds>({});
  const stage = signal<Stage | undefined>(undefined);
  const enter = entrance(api, socket);
  const people = createPeople(http, socket.start);
  const purchase = arrive(view, { store, account });
  const app = { store, api, view, draft, account, kinds, stage, rights: MEMBER, people, purchase, now: clock.now, enter, refreshAccount };
  return { app, socket, looking: lookingBack(app, http) };
}

/** A one-time link waits for a press. A token that is refused may still stand beside a cookie that is good, so the socket is tried either way. */
async function begin({ app, socket }: Built): Promise<void> {
  const [letter, refused] = [letterOfHash(location.hash), refusalOfHash(location.hash)];
  if ((letter ?? refused) !== undefined && app.people !== undefined) {
    history.replaceState(null, "", location.pathname + location.search);
    app.people.letter.value = letter;
    app.people.refused.value = refused;
    app.store.enter("signedout");
    return;
  }
  const token = tokenOfHash(location.hash);
  if (token !== undefined && (await app.enter(token)) === undefined) return;
  socket.start();
}

/** The live office, or a replay in the same room. */
function Shown({ looking }: { readonly looking: LookingBack }) {
  return (
    <AppContext.Provider value={looking.app.value}>
      <Frame />
    </AppContext.Provider>
  );
}

function beMember(root: Element): void {
  const built = build();
  dress(built.app.view);
  watchEmptiness(built.app.store, built.app.view);
  watchAccount(built.app);
  watchKinds(built.app);
  const page = () => built.looking.app.value;
  listen(page);
  hang(page);
  beat(built.app.view);
  attend(
    built.app,
    computed(() => page().replay !== undefined),
  );
  render(<Shown looking={built.looking} />, root);
  built.looking.begin(location.search);
  onRecording(window, (file) => built.looking.play(droppedSource(file)));
  void begin(built);
}

const root = document.getElementById("app");
if (root === null) throw new Error("expected an element #app in the page");
const mode = modeOf(location.pathname);
if (mode.kind === "guest") void import("./guest/begin.tsx").then(({ beGuest }) => beGuest(mode, root));
else if (mode.kind === "play") void import("./ui/play/begin.tsx").then(({ bePlay }) => bePlay(root));
else beMember(root);
