// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { Sidebar } from "../../src/ui/sidebar.tsx";
import { office, withDesk } from "../office.ts";
import { NOW, page } from "./page.tsx";

const MIN = 60_000;
const BATCH = { name: "Research", state: "running", total: 300, done: 251, failed: 4, running: 10, order: 0 } as const;
const busy = office({
  office: { id: "j", name: "Juniper", tier: "pro", slots: 37, running: 37 },
  overflow: { count: 27, shown: {} },
  queue: { waiting: 52, perhour: 186, eta: [NOW + 34 * MIN, NOW + 41 * MIN] },
  batches: { b1: { ...BATCH, eta: [NOW + 34 * MIN, NOW + 41 * MIN] } },
  quota: { used: 3_412, limit: 5_000, resets: Date.UTC(2026, 11, 1) },
});

describe("the sidebar", () => {
  it("stands in the one order", async () => {
    const view = await page(<Sidebar />);
    await view.show(busy);
    expect(view.all("section").map((section) => section.className)).toEqual(["headline", "desks", "batches", "speed", "tier"]);
  });

  it("says how many wait and until when", async () => {
    const view = await page(<Sidebar />);
    await view.show(busy);
    expect(view.text(".huge")).toBe("52");
    expect(view.text(".headline .large")).toBe("34–41 min");
    expect(view.text(".headline .until .under")).toBe("until all is done, about 15:58");
  });

  it("says of a limit what is waited for and until when, at the queue and at its batch", async () => {
    const view = await page(<Sidebar />);
    const limited = { ...BATCH, state: "waiting", running: 0 } as const;
    const queue = { waiting: 45, blocked: "ratelimit", until: NOW + 7 * MIN } as const;
    await view.show(office({ queue, batches: { b1: limited } }));
    expect(view.text(".headline .large")).toBe("waiting until 15:31");
    expect(view.text(".headline .until .under")).toBe("the provider's limit");
    expect(view.text(".batch .nowrap")).toBe("waiting until 15:31");
    expect(view.text(".batch .honey")).toBe("the provider's limit");
  });

  it("says paused of a batch that is", async () => {
    const view = await page(<Sidebar />);
    await view.show(office({ queue: { waiting: 45, blocked: "paused" }, batches: { b1: { ...BATCH, state: "paused", running: 0 } } }));
    expect(view.text(".batch .nowrap")).toBe("paused");
    expect(view.text(".headline .large")).toBe("paused");
  });

  it("says what runs, of how many, and who is upstairs", async () => {
    const view = await page(<Sidebar />);
    await view.show(busy);
    expect(view.text(".desks h2")).toBe("37 running");
    expect(view.text(".desks .small")).toBe("37 of 37 at a time");
    expect(view.all(".stairs")[0]?.getAttribute("aria-label")).toBe("10+, 27 upstairs");
    await view.press("10+");
    expect(view.app.view.panel.value).toEqual({ kind: "upstairs" });
  });

  it("has ten cells that open their desks", async () => {
    const view = await page(<Sidebar />);
    await view.show(withDesk(busy, 9, { activity: "working", title: "Acme", batch: "b1" }));
    expect(view.all(".cell").map((cell) => cell.textContent)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]);
    await view.press("Desk 0, Juno, Acme");
    expect(view.app.view.panel.value).toEqual({ kind: "desk", desk: 9 });
  });

  it("shows a batch in words and opens it", async () => {
    const view = await page(<Sidebar />);
    await view.show(busy);
    expect(view.text(".facts")).toBe("251 of 3004 failed10 running");
    await view.press("AResearch");
    expect(view.app.view.panel.value).toEqual({ kind: "batch", id: "b1" });
  });

  it("says the quota and the speed", async () => {
    const view = await page(<Sidebar />);
    await view.show(busy);
    expect(view.text(".speed")).toBe("Speed3.1 per minQuota3,412 of 5,000starts anew on 1 Dec");
  });

  it("says why nothing starts", async () => {
    const view = await page(<Sidebar />);
    await view.show({ ...busy, queue: { waiting: 52, blocked: "quota", until: Date.UTC(2026, 11, 1) } });
    expect(view.text(".headline .until")).toBe("waiting for quotauntil 1 Dec");
  });

  it("says when all is done, with the results one press away", async () => {
    const view = await page(<Sidebar />);
    const done = { ...BATCH, state: "done", total: 200, done: 194, failed: 6, running: 0 } as const;
    await view.show(office({ office: { ...office().office, finished: NOW - 72 * MIN }, batches: { b1: done } }));
    expect(view.text(".finished")).toBe("Finished 14:12194 done, 6 failedResults");
    await view.press("Results");
    expect(view.app.view.panel.value).toEqual({ kind: "batch", id: "b1" });
  });

  it("names a plan that would be sooner, and only from measured durations", async () => {
    const estimate = { workers: 1, each: 30, basis: "measured", now: 89, later: 0 } as const;
    const estimates = () =>
      Promise.resolve([
        { ...estimate, tier: "pro", minutes: 34 },
        { ...estimate, tier: "enterprise", minutes: 26 },
      ]);
    const view = await page(<Sidebar />, { estimates });
    await view.show(busy);
    expect(view.asked).toContainEqual(["estimates", 89]);
    expect(view.text(".tier")).toMatch(/^Pro, 37 at a timeCompareEnterprise would finish in 26 min instead of 34 min\./);
  });
});
