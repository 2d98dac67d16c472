import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import type { Account } from "../../src/net/account.ts";
import type { Office } from "../../src/state/office.ts";
import { memoryKeep } from "../../src/ui/keep.ts";
import { arrivalIn, createPurchase, LATE_S } from "../../src/ui/purchase.ts";

const OFFICE: Office = { id: "j", name: "Juniper", tier: "free", slots: 1, running: 0 };

/** A till at which somebody stands; `back` is the page that is loaded when they return. */
function till(account?: Account) {
  const keep = memoryKeep();
  const office = signal<Office | undefined>(undefined);
  const second = signal(0);
  const gone: string[] = [];
  const load = (arrival?: string) =>
    createPurchase(arrival, { store: { office }, view: { second }, account: signal(account), keep, go: (address) => gone.push(address) });
  const has = (tier: string) => {
    office.value = { ...OFFICE, tier };
  };
  return { load, has, second, gone, keep };
}

describe("a plan that is being paid for", () => {
  it("is waited for after the checkout, until the office has it", () => {
    const { load, has, gone } = till();
    load().leave("https://pay.example/1", { from: "free", to: "pro" });
    expect(gone).toEqual(["https://pay.example/1"]);
    const back = load("done");
    expect(back.stage.value).toBe("waiting");
    has("free");
    expect(back.stage.value).toBe("waiting");
    has("pro");
    expect(back.stage.value).toBe("bought");
    back.dismiss();
    expect(back.stage.value).toBe("none");
  });

  it("is there at once where the confirmation came first", () => {
    const { load, has } = till();
    load().leave("https://pay.example/1", { from: "free", to: "pro" });
    has("pro");
    expect(load("done").stage.value).toBe("bought");
  });

  it("says that it takes long, and is shown all the same when it comes", () => {
    const { load, has, second } = till();
    load().leave("https://pay.example/1", { from: "free", to: "pro" });
    has("free");
    const back = load("done");
    second.value = LATE_S - 1;
    expect(back.stage.value).toBe("waiting");
    second.value = LATE_S;
    expect(back.stage.value).toBe("late");
    has("pro");
    expect(back.stage.value).toBe("bought");
  });

  it("is still waited for when the page is loaded anew, and said to be there once", () => {
    const { load, has } = till();
    load().leave("https://pay.example/1", { from: "free", to: "pro" });
    load("done");
    has("free");
    const again = load();
    expect(again.stage.value).toBe("waiting");
    has("pro");
    expect(again.stage.value).toBe("bought");
    expect(load().stage.value).toBe("none");
  });

  it("was not bought by who turned back", () => {
    const { load, has } = till();
    load().leave("https://pay.example/1", { from: "free", to: "pro" });
    has("free");
    expect(load("back").stage.value).toBe("back");
    expect(load().stage.value).toBe("none");
  });

  it("is nothing to wait for after the portal, or where the smaller plan comes later", () => {
    const { load, has } = till();
    load().leave("https://pay.example/portal");
    has("pro");
    expect(load("back").stage.value).toBe("none");
    expect(load("done").stage.value).toBe("none");
  });

  it("is known by what the account pays where the tab is another one", () => {
    const paying = till({ tier: "pro", billing: { state: "active" } });
    paying.has("pro");
    expect(paying.load("done").stage.value).toBe("bought");
    const not = till({ tier: "free", billing: { state: "none" } });
    not.has("free");
    expect(not.load("done").stage.value).toBe("waiting");
  });

  it("is nothing where nobody comes back from anywhere", () => {
    const { load, has } = till();
    has("pro");
    expect(load().stage.value).toBe("none");
    expect(load("nonsense").stage.value).toBe("none");
  });
});

describe("an address that one comes back to", () => {
  it.each([
    ["?billing=done", "done", ""],
    ["?a=1&billing=back&b=2", "back", "?a=1&b=2"],
    ["?replay=x", undefined, "?replay=x"],
    ["", undefined, ""],
  ])("%s", (search, arrival, rest) => {
    expect(arrivalIn(search)).toEqual([arrival, rest]);
  });
});
