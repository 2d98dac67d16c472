// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import type { View } from "../../../src/net/protocol.ts";
import type { Batch } from "../../../src/state/office.ts";
import { EmbedFrame } from "../../../src/ui/guest/embed.tsx";
import { GuestFrame } from "../../../src/ui/guest/frame.tsx";
import { type Guest, GuestContext } from "../../../src/ui/guest/guest.ts";
import { named, roomFor } from "../../../src/ui/guest/strip.tsx";
import { GUEST } from "../../../src/ui/rights.ts";
import { office } from "../../office.ts";
import { NOW, type Page, page } from "../page.tsx";

const BATCH: Batch = { name: "Company research", state: "running", total: 300, done: 251, failed: 4, running: 10, order: 0 };
const BUSY = office({ queue: { waiting: 52, eta: [NOW + 34 * 60_000, NOW + 41 * 60_000] }, batches: { b1: BATCH } });
const WHOLE = "https://desks.example/s/k7q#secret";

async function guest(part = <GuestFrame />, crowded = signal(false), sees: View = "batches"): Promise<Page> {
  const held: Guest = { view: sees, crowded, whole: WHOLE };
  return page(<GuestContext.Provider value={held}>{part}</GuestContext.Provider>, {}, undefined, GUEST);
}

describe("a guest's page", () => {
  it("says whose office it is, what is hidden, how many watch, and the figures", async () => {
    const view = await guest();
    await view.show(BUSY);
    view.app.store.deliver({ type: "viewers", count: 3 });
    await view.settle();
    expect(view.text("h1")).toBe("Watching Juniper Research");
    expect(view.text(".what-hides")).toContain("View only");
    expect(view.text(".what-hides .clip")).toBe("task titles are hidden");
    expect(view.text(".watchers")).toBe("3 watching");
    expect(view.text(".strip-waiting")).toBe("52");
    expect(view.text(".strip-batch b")).toBe("Company research");
    expect(view.text(".strip-until")).toBe("34–41 minuntil all is done");
  });

  it.each([
    ["figures", "names and titles are hidden"],
    ["titles", "logs and results are hidden"],
  ] as const)("of %s says that %s", async (sees, hidden) => {
    const view = await guest(<GuestFrame />, signal(false), sees);
    expect(view.text(".what-hides .clip")).toBe(hidden);
  });

  it("has no control that could change anything", async () => {
    const view = await guest();
    await view.show(BUSY);
    view.app.view.list.value = true;
    await view.settle();
    // Rows of the list are desks, and a press looks closer.
    expect(view.all(".desk-list button")).toHaveLength(10);
    const others = view.all("button, a, input").filter((control) => control.closest(".desk-list") === null);
    const labels = others.map((control) => control.getAttribute("aria-label") ?? control.textContent ?? "");
    expect(labels.map((label) => label.replace(/^[A-Z](?=Company)/, "").trim())).toEqual([
      "Show the room instead of the list (L)",
      "Light: by the clock. Press for the next (D)",
      "Company research251 of 300",
    ]);
    expect(view.asked).toEqual([]);
  });

  it("opens a batch and goes back", async () => {
    const view = await guest();
    await view.show(BUSY);
    view.all(".strip-batch")[0]?.click();
    await view.settle();
    expect(view.text(".batch-head h1")).toBe("Company research");
    await view.press("Office");
    expect(view.all(".strip")).toHaveLength(1);
  });

  it("shows nothing more once the link has ended", async () => {
    const view = await guest();
    await view.show(BUSY);
    view.app.store.enter("ended");
    await view.settle();
    expect(view.text("h1")).toBe("This link has ended");
    expect(view.element.textContent).not.toContain("Company research");
  });

  it("says that too many watch, unless it already shows the office", async () => {
    const crowded = signal(true);
    const view = await guest(<GuestFrame />, crowded);
    expect(view.text("h1")).toBe("Too many are watching");
    await view.show(BUSY);
    expect(view.text("h1")).toBe("Watching Juniper Research");
  });
});

describe("a frame in another page", () => {
  it("is the office and a mark that opens the whole page", async () => {
    const view = await guest(<EmbedFrame />);
    await view.show(BUSY);
    expect(view.all("header, aside, nav, .strip")).toHaveLength(0);
    const mark = view.element.querySelector("a");
    expect(mark?.getAttribute("href")).toBe(WHOLE);
    expect(mark?.getAttribute("rel")).toBe("noopener noreferrer");
    expect(mark?.getAttribute("aria-label")).toBe("Open Juniper Research in a tab of its own");
  });

  it("is the list where there is no 3D", async () => {
    const view = await guest(<EmbedFrame />);
    view.app.view.noRoom.value = true;
    await view.show(BUSY);
    expect(view.all(".desk-row")).toHaveLength(10);
  });
});

describe("the batches of the strip", () => {
  const batch = (order: number, state: Batch["state"]): Batch => ({ ...BATCH, order, state });
  const rows = { a: batch(0, "done"), b: batch(1, "running"), c: batch(2, "done"), d: batch(3, "queued"), e: batch(4, "running") };

  it("are those under way in their order, then the latest that have ended", () => {
    expect(named(rows, 2).map(([id]) => id)).toEqual(["b", "d"]);
    expect(named(rows, 4).map(([id]) => id)).toEqual(["c", "b", "d", "e"]);
  });

  it.each([
    [1440, 4],
    [1000, 3],
    [720, 1],
    [500, 1],
  ])("at %i px are %i", (width, most) => {
    expect(roomFor(width)).toBe(most);
  });
});
