// @vitest-environment happy-dom
import { type Signal, signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import type { Account } from "../../../src/net/account.ts";
import type { Api } from "../../../src/net/api.ts";
import { Problem } from "../../../src/net/http.ts";
import type { OfficeState } from "../../../src/state/office.ts";
import { AppContext } from "../../../src/ui/app.ts";
import { PlansPage } from "../../../src/ui/plans/page.tsx";
import type { Purchase, Stage } from "../../../src/ui/purchase.ts";
import { office } from "../../office.ts";
import { page } from "../page.tsx";
import { estimatesOf, TIERS } from "./tiers.ts";

const starter = (waiting = 97): OfficeState =>
  office({ office: { ...office().office, tier: "starter", slots: 3, running: 3 }, queue: { waiting } });

interface Wish {
  readonly account?: Account;
  readonly answers?: Partial<Api>;
  readonly state?: OfficeState;
  readonly stage?: Signal<Stage>;
}

async function open({ account, answers, state = starter(), stage = signal<Stage>("none") }: Wish = {}) {
  const left: unknown[][] = [];
  const purchase: Purchase = {
    stage,
    leave: (...where) => left.push(where),
    dismiss: () => {
      stage.value = "none";
    },
  };
  const all = { tiers: () => Promise.resolve(TIERS), estimates: (tasks: number) => Promise.resolve(estimatesOf(tasks)), ...answers };
  const bare = await page(<i />, all);
  const app = { ...bare.app, account: signal(account ?? { tier: "starter", mode: "local" }), purchase };
  const view = await page(
    <AppContext.Provider value={app}>
      <PlansPage />
    </AppContext.Provider>,
    {},
    app,
  );
  await view.show(state);
  await view.settle();
  return { view, left, asked: bare.asked, app };
}

const hosted = (billing: Account["billing"]): Account => ({ tier: "starter", mode: "hosted", billing });

describe("the page of plans", () => {
  it("asks when this office's own tasks will be done, and answers for each plan", async () => {
    const { view, asked } = await open();
    expect(view.text("h1")).toBe("When will your 100 tasks be done?");
    expect(view.text(".plans-lead")).toContain("Counted for your queue: 60 s a task, as measured here.");
    expect(asked).toContainEqual(["estimates", 100]);
    expect(view.all(".plan-time").map((time) => time.textContent)).toEqual([
      "53 of 100 in53 min",
      "all 100 in34 min",
      "all 100 in10 min",
      "all 100 in2 min",
    ]);
    expect(view.text(".mine h2")).toBe("Starter");
    expect(view.element.textContent).not.toMatch(/slot/i);
  });

  it("reckons with a hundred where nothing waits, and says so", async () => {
    const { view, asked } = await open({ state: office() });
    expect(view.text("h1")).toBe("When would 100 tasks be done?");
    expect(asked).toContainEqual(["estimates", 100]);
  });

  it("has one primary action: the first plan that is worth it", async () => {
    const { view } = await open();
    expect(view.all(".btn.primary").map((button) => button.textContent)).toEqual(["Switch to Pro"]);
    expect(view.all("button[disabled]").map((button) => button.textContent)).toEqual(["Your plan"]);
  });

  it("switches with one press on a server of one's own", async () => {
    const { view, asked } = await open();
    await view.press("Switch to Pro");
    expect(asked).toContainEqual(["switchTier", "pro"]);
    expect(view.text(".plans-foot")).toContain("On your own machine nothing costs anything");
  });

  it("leads to where a larger plan is paid, and remembers what to wait for", async () => {
    const { view, left } = await open({
      account: hosted({ state: "none" }),
      answers: { checkout: (tier) => Promise.resolve(`https://pay/${tier}`) },
    });
    await view.press("Go to Pro");
    expect(left).toEqual([["https://pay/pro", { from: "starter", to: "pro" }]]);
    expect(view.all("a.btn").map((link) => link.getAttribute("href"))).toEqual(["mailto:sales@example.org"]);
  });

  it("leads back to what costs nothing by the portal, and waits for nothing", async () => {
    const { view, left } = await open({
      account: hosted({ state: "active" }),
      answers: { portal: () => Promise.resolve("https://portal") },
    });
    await view.press("Go to Free");
    expect(left).toEqual([["https://portal"]]);
  });

  it("says why it did not come about, and can be tried again", async () => {
    const refused = new Problem(409, "conflict", "No", "billing is not set up here");
    const { view, left } = await open({ account: hosted({ state: "none" }), answers: { checkout: () => Promise.reject(refused) } });
    await view.press("Go to Pro");
    expect(view.text("[role=alert]")).toBe("billing is not set up here");
    expect(
      view
        .all("button")
        .find((button) => button.textContent === "Go to Pro")
        ?.hasAttribute("disabled"),
    ).toBe(false);
    expect(left).toEqual([]);
  });

  it("sells nothing while a payment is missing: then there is one thing to do", async () => {
    const { view, left } = await open({
      account: hosted({ state: "past_due", tier: "starter" }),
      answers: { portal: () => Promise.resolve("https://portal") },
    });
    expect(view.all(".plan-card .btn:not([disabled])")).toEqual([]);
    expect(view.all(".btn.primary").map((button) => button.textContent)).toEqual(["Settle the payment"]);
    await view.press("Settle the payment");
    expect(left).toEqual([["https://portal"]]);
  });

  it("tells members who own nothing who can change it", async () => {
    const { view } = await open({ account: hosted({ state: "active" }) });
    view.app.store.deliver({ type: "hello", office: "juniper", epoch: 1, seq: 9, now: 0, hz: 10, role: "operator", view: "full" });
    await view.settle();
    expect(view.all(".plan-card .btn:not([disabled])")).toEqual([]);
    expect(view.text(".plans-foot")).toContain("An owner of this office can change its plan.");
  });

  it("says what it waits for after the checkout, and that it is there", async () => {
    const stage = signal<Stage>("waiting");
    const { view } = await open({ account: hosted({ state: "none" }), stage });
    expect(view.text(".plans-settle")).toBe("Waiting for the payment's confirmation");
    stage.value = "bought";
    await view.settle();
    expect(view.text(".plans-settle")).toBe("Your plan is Starter now.");
    await view.press("Hide");
    expect(view.text(".plans-settle")).toBe("");
  });

  it.each([
    [2, 2],
    [7, 4],
  ])("shows an operator's own table of %i plans", async (many, columns) => {
    const tiers = Array.from({ length: many }, (_, at) => ({
      ...TIERS[0],
      name: `t${at}`,
      title: `Tier ${at}`,
      slots: at + 1,
    })) as typeof TIERS;
    const { view } = await open({ answers: { tiers: () => Promise.resolve(tiers), estimates: () => Promise.resolve([]) } });
    expect(view.all(".plan-card h2").map((name) => name.textContent)).toEqual(tiers.map(({ title }) => title));
    expect(view.element.querySelector<HTMLElement>(".plan-cards")?.style.getPropertyValue("--plans")).toBe(String(columns));
  });

  it("says that the plans did not come", async () => {
    const { view } = await open({ answers: { tiers: () => Promise.reject(new Problem(503, "x", "Not now", undefined)) } });
    expect(view.text(".plans-body .red")).toBe("Not now");
  });
});
