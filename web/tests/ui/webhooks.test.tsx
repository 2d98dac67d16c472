// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { createApi } from "../../src/net/api.ts";
import type { Ask } from "../../src/net/http.ts";
import { createWebhooks, type Delivery, type Known, type Webhooks as Requests, type Webhook } from "../../src/net/webhooks.ts";
import { nameOf } from "../../src/ui/account/webhook.tsx";
import { Webhooks } from "../../src/ui/account/webhooks.tsx";
import { outcome, standing } from "../../src/ui/account/webhookwords.ts";
import { office } from "../office.ts";
import { NOW, type Page, page } from "./page.tsx";

const HOOK: Webhook = { id: "h1", url: "https://hooks.example/a?t=1", state: "ok", waiting: 0 };
const SENT: Delivery = { id: "d1", event: "batch.done", batch: "b1", state: "delivered", attempts: 1, created: NOW - 60_000 };
const SECRET = "whsec_canary0123456789abcdef";

async function open(known: Known, deliveries: readonly Delivery[] | Promise<readonly Delivery[]> = []) {
  const done: string[] = [];
  const note =
    <T,>(name: string, value: T) =>
    (...what: unknown[]) => {
      done.push([name, ...what.filter((each) => !(each instanceof AbortSignal))].join(" "));
      return Promise.resolve(value);
    };
  const requests: Requests = {
    known: () => Promise.resolve(known),
    add: note("add", SECRET),
    turn: note("turn", undefined),
    drop: note("drop", undefined),
    rotate: note("rotate", SECRET),
    ping: note("ping", undefined),
    deliveries: () => Promise.resolve(deliveries),
    again: note("again", undefined),
  };
  const view: Page = await page(<Webhooks />, { webhooks: () => Promise.resolve(requests) });
  await view.show(office());
  await view.settle();
  return { view, done };
}

describe("webhooks", () => {
  it("are added with an address, and their secret is shown until it is put away", async () => {
    const { view, done } = await open({ items: [], sending: true });
    expect(view.text("section > p + p")).toBe("No webhooks");
    await view.press("Add a webhook");
    const add = () => view.all("button").find((button) => button.textContent === "Add");
    expect(add()?.hasAttribute("disabled")).toBe(true);
    await view.type("input[name=url]", " https://hooks.example/a ");
    await view.type("input[name=label]", "CRM");
    view.element.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    expect(done).toEqual(["add https://hooks.example/a CRM"]);
    expect(view.element.querySelector<HTMLInputElement>(".copy-row input")?.value).toBe(SECRET);
    await view.press("Done");
    expect(view.element.innerHTML).not.toContain(SECRET);
  });

  it("open to what can be done and to what was sent", async () => {
    const failed: Delivery = { ...SENT, id: "d2", state: "failed", attempts: 14, reason: "It answered 500 (Internal Server Error)" };
    const { view, done } = await open({ items: [HOOK], sending: true }, [failed, SENT]);
    expect(view.all(".webhook-details")).toHaveLength(0);
    await view.press("Show hooks.example");
    expect(view.all(".webhook-sent").map((row) => row.querySelector(".small.red, .small.dim + *, div.small")?.textContent)).toContain(
      "Did not arrive, 14 attempts. It answered 500 (Internal Server Error).",
    );
    await view.press("Send a test");
    await view.press("Send again: Batch done");
    await view.press("Switch off");
    await view.press("New secret");
    await view.press("Make a new secret?");
    await view.press("Delete");
    expect(done).toEqual(["ping h1", "again h1 d2", "turn h1 false", "rotate h1"]);
    await view.press("Delete this webhook?");
    expect(done.at(-1)).toBe("drop h1");
  });

  it("are deleted once nothing is asked about them any more", async () => {
    let answer: (deliveries: readonly Delivery[]) => void = () => undefined;
    const pending = new Promise<readonly Delivery[]>((resolve) => {
      answer = resolve;
    });
    const { view, done } = await open({ items: [HOOK], sending: true }, pending);
    await view.press("Show hooks.example");
    await view.press("Delete");
    await view.press("Delete this webhook?");
    expect(done).toEqual([]);
    answer([SENT]);
    await view.settle();
    expect(done).toEqual(["drop h1"]);
  });

  it("of a plan without them say so and send nothing", async () => {
    const { view } = await open({ items: [{ ...HOOK, waiting: 2 }], sending: false }, [SENT]);
    expect(view.text("section .honey")).toBe("This plan has no webhooks: nothing is sent, and what waits is kept. Compare plans");
    await view.press("Show hooks.example");
    const buttons = view.all("button").map((button) => button.textContent);
    expect(buttons).not.toContain("Send a test");
    expect(buttons).not.toContain("Send again");
    expect(buttons).not.toContain("Add a webhook");
    expect(buttons).toContain("Delete");
  });

  it("are told by a quiet line where there are none and can be none", async () => {
    const { view } = await open({ items: [], sending: false });
    expect(view.text("section .dim + .dim")).toBe("This plan has no webhooks. Compare plans");
    await view.press("Compare plans");
    expect(view.app.view.panel.value.kind).toBe("plans");
  });
});

describe("the words of webhooks", () => {
  it("say how each stands", () => {
    expect(standing(HOOK, NOW)).toEqual({ text: "Nothing sent yet", look: "dim" });
    expect(standing({ ...HOOK, waiting: 1 }, NOW).text).toBe("Nothing sent yet, 1 message waits");
    expect(standing({ ...HOOK, state: "failing", failing: NOW - 60_000 }, NOW).look).toBe("honey");
    expect(standing({ ...HOOK, state: "off", off: "owner" }, NOW)).toEqual({ text: "Switched off", look: "dim" });
    expect(standing({ ...HOOK, state: "off", off: "gone" }, NOW).look).toBe("red");
    expect(standing({ ...HOOK, delivered: NOW - 60_000 }, NOW).text).toMatch(/^Arrived last /);
  });

  it("say what became of a message", () => {
    expect(outcome(SENT, NOW).text).toBe("Arrived");
    expect(outcome({ ...SENT, attempts: 3 }, NOW).text).toBe("Arrived after 3 attempts");
    expect(outcome({ ...SENT, state: "waiting", attempts: 0 }, NOW).text).toBe("On its way");
    const waits = outcome({ ...SENT, state: "waiting", attempts: 1, reason: "No", next: NOW + 60_000 }, NOW);
    expect(waits.text).toMatch(/^Not there yet, 1 attempt\. No\. Tries again /);
    expect(waits.look).toBe("honey");
  });

  it("name one by its label, else by its host", () => {
    expect([nameOf(HOOK), nameOf({ ...HOOK, label: "CRM" }), nameOf({ ...HOOK, url: "x" })]).toEqual(["hooks.example", "CRM", "x"]);
  });
});

describe("requests about webhooks", () => {
  it("are those of the interface", async () => {
    const asked: Array<readonly [string, Ask | undefined]> = [];
    const answers: Readonly<Record<string, unknown>> = {
      "/webhooks": {
        items: [{ id: "h1", url: "https://a.example/", state: "off", off: "gone", waiting: 1 }],
        sending: true,
        secret: SECRET,
      },
      "/webhooks/h1/rotate": { secret: SECRET },
      "/webhooks/h1/deliveries": {
        items: [{ id: "d1", event: "ping", state: "failed", attempts: 1, reason: "No", created: "2026-11-18T11:06:40.000Z" }],
      },
    };
    const ask = (path: string, what?: Ask) => {
      asked.push([path, what]);
      return Promise.resolve(answers[path]);
    };
    const requests = createWebhooks({ ask });
    expect(await requests.known()).toEqual({
      items: [
        {
          id: "h1",
          url: "https://a.example/",
          label: undefined,
          state: "off",
          failing: undefined,
          off: "gone",
          delivered: undefined,
          waiting: 1,
        },
      ],
      sending: true,
    });
    expect(await requests.add("https://a.example/", "")).toBe(SECRET);
    expect(await requests.rotate("h1")).toBe(SECRET);
    expect((await requests.deliveries("h1"))[0]?.reason).toBe("No");
    await requests.turn("h1", false);
    await requests.ping("h1");
    await requests.again("h1", "d1");
    await requests.drop("h1");
    expect(asked.map(([path, what]) => `${what?.method ?? "GET"} ${path}`)).toEqual([
      "GET /webhooks",
      "POST /webhooks",
      "POST /webhooks/h1/rotate",
      "GET /webhooks/h1/deliveries",
      "PATCH /webhooks/h1",
      "POST /webhooks/h1/ping",
      "POST /webhooks/h1/deliveries/d1/retry",
      "DELETE /webhooks/h1",
    ]);
    expect(asked[1]?.[1]?.json).toEqual({ url: "https://a.example/" });
  });

  it("come with the first who asks", async () => {
    const api = createApi({
      ask: () => Promise.resolve({ items: [], sending: true }),
      file: () => Promise.reject(new Error("no files here")),
    });
    expect(await (await api.webhooks()).known()).toEqual({ items: [], sending: true });
  });
});
