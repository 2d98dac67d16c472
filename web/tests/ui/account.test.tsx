// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { type Account, type Billing, createAccounts } from "../../src/net/account.ts";
import type { Api } from "../../src/net/api.ts";
import type { Ask } from "../../src/net/http.ts";
import { Problem } from "../../src/net/http.ts";
import { Deleted } from "../../src/ui/account/deletion.tsx";
import { Month, Plan, portalWords, standingOf } from "../../src/ui/account/plan.tsx";
import { choicesOf, Privacy } from "../../src/ui/account/privacy.tsx";
import { Support } from "../../src/ui/account/support.tsx";
import { AppContext } from "../../src/ui/app.ts";
import { office } from "../office.ts";
import { page } from "./page.tsx";

const DAY = new Date(2026, 11, 7, 14, 32).getTime();
const RESETS = Date.UTC(2026, 11, 1);
const BASE: Account = { name: "Juniper Research", tier: "pro", slots: 10, mode: "hosted" };

async function shown(part: preact.JSX.Element, answers: Partial<Api> = {}) {
  const left: unknown[][] = [];
  const bare = await page(<i />, answers);
  let refreshed = 0;
  const app = {
    ...bare.app,
    purchase: { stage: signal("none" as const), leave: (...where: unknown[]) => left.push(where), dismiss: () => undefined },
    refreshAccount: () => {
      refreshed += 1;
      return Promise.resolve();
    },
  };
  const view = await page(<AppContext.Provider value={app}>{part}</AppContext.Provider>, {}, app);
  return { view, left, asked: bare.asked, refreshed: () => refreshed };
}

describe("the plan in the account", () => {
  const cases: ReadonlyArray<readonly [Billing, string]> = [
    [{ state: "none" }, "Nothing is paid for."],
    [{ state: "active", renews: DAY }, "Renews on 7 Dec."],
    [{ state: "active" }, "Paid for."],
    [{ state: "ending", tier: "pro", ends: DAY }, "Pro ends on 7 Dec."],
    [{ state: "ending" }, "Pro ends when the time that is paid for is over."],
    [{ state: "past_due", tier: "pro", grace: DAY }, "The last payment did not come through. Pro stays until 7 Dec."],
    [{ state: "past_due" }, "The last payment did not come through."],
    [{ state: "unpaid" }, "A payment is missing."],
  ];

  it.each(cases)("%o is said in words", (billing, words) => {
    expect(standingOf(billing, "pro").text).toBe(words);
  });

  it("is changed at the portal, whose button says what for", async () => {
    expect(portalWords({ state: "active" })).toBe("Invoices and payment");
    expect(portalWords({ state: "ending" })).toBe("Change or keep it");
    const { view, left } = await shown(<Plan account={{ ...BASE, billing: { state: "past_due" } }} owner />, {
      portal: () => Promise.resolve("https://portal"),
    });
    await view.press("Settle the payment");
    expect(left).toEqual([["https://portal"]]);
  });

  it("says why the portal cannot be had", async () => {
    const none = new Problem(409, "no_customer", "Nothing was bought", "nothing was ever bought here");
    const { view } = await shown(<Plan account={{ ...BASE, billing: { state: "active" } }} owner />, {
      portal: () => Promise.reject(none),
    });
    await view.press("Invoices and payment");
    expect(view.text("[role=alert]")).toBe("nothing was ever bought here");
  });

  it("is not for those to change who do not own it, and not where nothing is paid", async () => {
    const member = await shown(<Plan account={{ ...BASE, billing: { state: "active" } }} owner={false} />);
    expect(member.view.all("button").map((button) => button.textContent)).toEqual(["Compare plans"]);
    const free = await shown(<Plan account={{ ...BASE, billing: { state: "none" } }} owner />);
    expect(free.view.all("button").map((button) => button.textContent)).toEqual(["Compare plans"]);
  });

  it("is what the frames say as soon as they do, not what was asked for before", async () => {
    const { view } = await shown(<Plan account={{ ...BASE, tier: "free", slots: 1 }} owner />);
    await view.show(office());
    expect(view.text(".account-plan b")).toBe("Pro, 10 at a time");
  });
});

describe("the month", () => {
  const quota = { used: 12, limit: 50, resets: RESETS, soft: false, enforced: true };

  it("says what is used, and when it starts anew", async () => {
    const { view } = await shown(<Month quota={quota} />);
    expect(view.text("section b")).toBe("12 of 50 tasks");
    expect(view.text("p")).toBe("Starts anew on 1 December. Retries never count.");
    await view.show(office({ quota: { used: 50, limit: 50, resets: RESETS } }));
    expect(view.text("section b")).toBe("50 of 50 tasks");
    expect(view.text("p.honey")).toBe("All are used. What is left waits for 1 December, or for a larger plan.");
  });

  it.each([{ soft: true }, { enforced: false }])("holds nothing back where it is only counted: %o", async (parts) => {
    const { view } = await shown(<Month quota={{ ...quota, used: 60, ...parts }} />);
    expect(view.text("p.dim")).toContain("Beyond that nothing is held back");
  });
});

describe("support", () => {
  it("is a contact, and a promise of the plan", async () => {
    const { view } = await shown(<Support support={{ contact: "help@example.org", hours: 48 }} />);
    expect(view.element.querySelector("a")?.getAttribute("href")).toBe("mailto:help@example.org");
    expect(view.text("section")).toBe("Supporthelp@example.orgWith your plan, a first answer comes within 2 days.");
    expect((await shown(<Support support={{}} />)).view.all("section")).toEqual([]);
  });
});

describe("one's data", () => {
  it("is taken along as a file", async () => {
    const { view } = await shown(<Privacy account={BASE} />);
    expect(view.element.querySelector("a[download]")?.getAttribute("href")).toBe("/account.zip");
  });

  it("is kept for as long as one says, within what the plan keeps", async () => {
    expect(choicesOf(undefined, 30)).toEqual([1, 7]);
    expect(choicesOf(14, undefined)).toEqual([1, 7, 14, 30, 90, 365]);
    const account = { ...BASE, retention: { recordings: 7, recordingsMax: 365 } };
    const { view, asked, refreshed } = await shown(<Privacy account={account} />);
    const [recordings, results] = view.all("select") as HTMLSelectElement[];
    expect([recordings?.value, results?.value]).toEqual(["7", ""]);
    expect(recordings?.textContent).toContain("as long as the plan keeps them, 365 days");
    await view.type("label:nth-of-type(1) select", "");
    expect(asked).toContainEqual(["retain", { recordings: null }]);
    await view.type("label:nth-of-type(2) select", "30");
    expect(asked).toContainEqual(["retain", { results: 30 }]);
    expect(refreshed()).toBe(2);
  });

  it("is deleted only by whoever types the account's name", async () => {
    const { view, asked, refreshed } = await shown(<Privacy account={BASE} />, { deleteAccount: () => Promise.resolve(DAY) });
    await view.press("Delete this account");
    expect(view.text(".account-delete p")).toContain("Some days later everything is gone");
    const sure = () => view.all("button").find((button) => button.textContent === "Delete it all");
    expect(sure()?.hasAttribute("disabled")).toBe(true);
    await view.type(".account-delete input", "juniper");
    expect(sure()?.hasAttribute("disabled")).toBe(true);
    await view.type(".account-delete input", " Juniper Research ");
    expect(sure()?.hasAttribute("disabled")).toBe(false);
    view.element.querySelector(".account-delete")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    expect(asked).toContainEqual(["deleteAccount", "Juniper Research"]);
    expect(view.all(".account-delete")).toEqual([]);
    expect(refreshed()).toBe(1);
  });

  it("is kept by whoever turns back, by a press or by Esc, and the panel stays open", async () => {
    const { view } = await shown(<Privacy account={BASE} />);
    await view.press("Delete this account");
    await view.press("Keep everything");
    expect(view.all(".account-delete")).toEqual([]);
    await view.press("Delete this account");
    const press = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    view.element.querySelector(".account-delete input")?.dispatchEvent(press);
    await view.settle();
    expect(view.all(".account-delete")).toEqual([]);
  });

  it("says why it was not deleted, and leaves what was typed", async () => {
    const refused = new Problem(409, "still_paying", "Not yet", "end what is paid for first");
    const { view } = await shown(<Privacy account={BASE} />, { deleteAccount: () => Promise.reject(refused) });
    await view.press("Delete this account");
    await view.type(".account-delete input", "Juniper Research");
    view.element.querySelector(".account-delete")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    expect(view.text("[role=alert]")).toBe("end what is paid for first");
    expect(view.all(".account-delete")).toHaveLength(1);
  });

  it("can be kept until it is gone", async () => {
    const { view, asked } = await shown(<Deleted when={DAY} owner />);
    expect(view.text("p")).toBe("Everything is deleted on 7 Dec, 14:32. Until then nothing starts here.");
    await view.press("Keep the account");
    expect(asked).toContainEqual(["keepAccount"]);
    expect((await shown(<Deleted when={DAY} owner={false} />)).view.all("button")).toEqual([]);
  });
});

describe("requests about the account", () => {
  it("are those of the interface", async () => {
    const sent: unknown[] = [];
    const answers: Record<string, unknown> = {
      "/account": {
        id: "a",
        name: "Juniper",
        mode: "hosted",
        tier: "pro",
        slots: 10,
        quota: { used: 3, limit: 50, resets: "2026-12-01T00:00:00.000Z", soft: false, enforced: true },
        support: { contact: "help@example.org", hours: 24 },
        billing: { state: "ending", tier: "pro", ends: "2026-12-07T00:00:00.000Z" },
        retention: { results: 30, recordings_max: 365 },
        deletes: "2026-12-07T00:00:00.000Z",
      },
      "/billing/checkout": { url: "https://pay.example/c" },
      "/billing/portal": { url: "javascript:alert(1)" },
    };
    const http = {
      ask: (path: string, what?: Ask) => {
        sent.push([path, what?.method, what?.json]);
        return Promise.resolve(answers[path]);
      },
    };
    const accounts = createAccounts(http);
    const found = await accounts.account();
    expect(found.quota).toEqual({ used: 3, limit: 50, resets: RESETS, soft: false, enforced: true });
    expect(found.support).toEqual({ contact: "help@example.org", hours: 24 });
    expect(found.billing).toMatchObject({ state: "ending", tier: "pro", ends: Date.UTC(2026, 11, 7) });
    expect(found.retention).toMatchObject({ results: 30, recordingsMax: 365 });
    expect(found.deletes).toBe(Date.UTC(2026, 11, 7));
    expect(await accounts.checkout("pro")).toBe("https://pay.example/c");
    await expect(accounts.portal()).rejects.toThrow("expected one of the web");
    expect(await accounts.deleteAccount("Juniper")).toBe(Date.UTC(2026, 11, 7));
    await accounts.keepAccount();
    await accounts.retain({ results: null });
    expect(sent.slice(1)).toEqual([
      ["/billing/checkout", "POST", { tier: "pro" }],
      ["/billing/portal", "POST", {}],
      ["/account", "DELETE", { confirm: "Juniper" }],
      ["/account/keep", "POST", undefined],
      ["/account", "PATCH", { retention: { results: null } }],
    ]);
  });
});
