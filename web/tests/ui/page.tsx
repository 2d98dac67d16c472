/** A page to test parts of the interface on: the real store and view, requests that are noted and answered from here. */
import { signal } from "@preact/signals";
import { type ComponentChildren, render } from "preact";
import { act } from "preact/test-utils";
import type { Api } from "../../src/net/api.ts";
import type { Task } from "../../src/net/shapes.ts";
import { createServerClock } from "../../src/state/clock.ts";
import type { OfficeState } from "../../src/state/office.ts";
import { createStore } from "../../src/state/store.ts";
import { type App, AppContext } from "../../src/ui/app.ts";
import { MEMBER, type Rights } from "../../src/ui/rights.ts";
import { createDraft } from "../../src/ui/submit/draft.ts";
import { createView } from "../../src/ui/view.ts";

export const NOW = new Date(2026, 10, 23, 15, 24).getTime();

const TASK: Task = { id: "t1", batch: "b1", title: "Acme", state: "running", attempts: 1, input: { name: "Acme" }, executions: [] };

const KINDS = ["command", "chat", "http", "external", "python", "demo"];

export interface Page {
  readonly app: App;
  /** Every request made, as its name and arguments. */
  readonly asked: ReadonlyArray<readonly [string, ...unknown[]]>;
  readonly element: HTMLElement;
  show(state: OfficeState): Promise<void>;
  text(selector: string): string | undefined;
  all(selector: string): readonly HTMLElement[];
  /** Presses the button whose text or label begins so. */
  press(label: string): Promise<void>;
  type(selector: string, value: string): Promise<void>;
  settle(): Promise<void>;
}

function fakeApi(asked: Array<readonly [string, ...unknown[]]>, answers: Partial<Api>): Api {
  const fallback: Api = {
    session: () => Promise.resolve(),
    account: () => Promise.resolve({ tier: "pro", mode: "local" }),
    switchTier: () => Promise.resolve(),
    checkout: () => Promise.reject(new Error("nothing is sold here")),
    portal: () => Promise.reject(new Error("nothing is sold here")),
    retain: () => Promise.resolve(),
    deleteAccount: () => Promise.reject(new Error("nothing is deleted here")),
    keepAccount: () => Promise.resolve(),
    accountUrl: "/account.zip",
    tiers: () => Promise.resolve([]),
    estimates: () => Promise.resolve([]),
    kinds: () => Promise.resolve(KINDS.map((name) => ({ name, attempts: name === "chat" ? 3 : 1, allowed: true }))),
    batch: () => Promise.reject(new Error("no such batch")),
    batches: () => Promise.resolve({ items: [] }),
    control: () => Promise.resolve(),
    figures: () => Promise.resolve({ every: 1, reasons: [], more: 0 }),
    tasks: () => Promise.resolve({ items: [] }),
    task: () => Promise.resolve(TASK),
    cancelTask: () => Promise.resolve(),
    retryTask: () => Promise.resolve(),
    log: () => Promise.resolve({ lines: [], next: 0, ended: true }),
    recordings: () => Promise.resolve({ items: [] }),
    orderPicture: () => Promise.reject(new Error("no pictures here")),
    picture: () => Promise.reject(new Error("no pictures here")),
    dropPicture: () => Promise.resolve(),
    submit: () => Promise.resolve({ id: "b9", half: 60_000, most: 90_000 }),
    links: () => Promise.resolve([]),
    share: () => Promise.reject(new Error("no links here")),
    revoke: () => Promise.resolve(),
    rotate: () => Promise.reject(new Error("no links here")),
    ownKeys: () => Promise.resolve([]),
    webhooks: () => Promise.reject(new Error("no webhooks here")),
    putKey: () => Promise.resolve(),
    deleteKey: () => Promise.resolve(),
    resultsFile: () => Promise.resolve(new Blob(["[]"])),
  };
  const noted = Object.entries({ ...fallback, ...answers }).map(([name, answer]) => {
    if (typeof answer !== "function") return [name, answer];
    const call = (...args: unknown[]) => {
      asked.push([name, ...args.filter((arg) => !(arg instanceof AbortSignal))]);
      return (answer as (...given: unknown[]) => unknown)(...args);
    };
    return [name, call];
  });
  return Object.fromEntries(noted) as Api;
}

function makeApp(api: Api, rights: Rights): App {
  const clock = createServerClock(
    () => 0,
    () => NOW,
  );
  const keep = { get: () => null, set: () => undefined };
  return {
    store: createStore(clock, () => 0),
    api,
    view: createView(keep, { width: 1440, height: 900 }, () => 12),
    draft: createDraft(() => Promise.resolve()),
    account: signal({ tier: "pro", mode: "local" }),
    kinds: signal({}),
    stage: signal(undefined),
    rights,
    now: () => NOW,
    enter: (token) => api.session(token).then(() => undefined),
    refreshAccount: () => Promise.resolve(),
  };
}

/** Draws the part; `answers` replace what requests answer. With `before` it is the same page, on which another part was. */
export async function page(part: ComponentChildren, answers: Partial<Api> = {}, before?: App, rights: Rights = MEMBER): Promise<Page> {
  const asked: Array<readonly [string, ...unknown[]]> = [];
  const app = before ?? makeApp(fakeApi(asked, answers), rights);
  const element = document.createElement("div");
  document.body.replaceChildren(element);
  await act(() => render(<AppContext.Provider value={app}>{part}</AppContext.Provider>, element));
  let seq = 0;
  const settle = () => act(async () => void (await new Promise((resolve) => setTimeout(resolve))));
  const all = (selector: string) => [...element.querySelectorAll<HTMLElement>(selector)];
  return {
    app,
    asked,
    element,
    all,
    settle,
    text: (selector) => element.querySelector(selector)?.textContent?.trim(),
    async show(state) {
      await act(() => {
        seq += 1;
        app.store.deliver({ type: "hello", office: "juniper", epoch: 1, seq, now: NOW, hz: 10, role: "owner", view: "full" });
        app.store.deliver({ type: "keyframe", seq, tick: seq, now: NOW, state });
      });
      await settle();
    },
    async press(label) {
      const says = (button: HTMLElement) => (button.getAttribute("aria-label") ?? button.textContent ?? "").trim();
      const found = all("button").find((button) => says(button).startsWith(label));
      if (found === undefined) throw new Error(`expected a button ${label}, got ${all("button").map(says).join(" | ")}`);
      await act(() => found.click());
      await settle();
    },
    async type(selector, value) {
      const field = element.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector);
      if (field === null) throw new Error(`expected a field ${selector}`);
      await act(() => {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      await settle();
    },
  };
}
