// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { BatchPanel } from "../../src/ui/batchpanel.tsx";
import { DeskPanel } from "../../src/ui/deskpanel.tsx";
import { KeysPanel } from "../../src/ui/keyspanel.tsx";
import { GUEST, LOOKING_BACK } from "../../src/ui/rights.ts";
import { listen } from "../../src/ui/shortcuts.ts";
import { PhoneSheet, Sidebar } from "../../src/ui/sidebar.tsx";
import { TabBar } from "../../src/ui/tabs.tsx";
import { TopBar } from "../../src/ui/topbar.tsx";
import { office, withDesk } from "../office.ts";
import { NOW, type Page, page } from "./page.tsx";

const BATCH = { state: "running", total: 300, done: 251, failed: 4, running: 10, order: 0 } as const;
const figures = office({ batches: { b1: BATCH } });
const working = withDesk(figures, 6, { activity: "working", since: NOW - 522_000, batch: "b1", progress: [NOW, 740, 170_000, 1] });

/** What every button and link says. */
function controls(view: Page): readonly string[] {
  return view.all("button, a").map((control) => (control.getAttribute("aria-label") ?? control.textContent ?? "").trim());
}

describe("a guest", () => {
  it("sees who works at a desk without ids, titles or names, asks nothing, and can change nothing", async () => {
    const view = await page(<DeskPanel index={6} />, {}, undefined, GUEST);
    await view.show(working);
    expect(view.text(".who .dim")).toBe("working");
    expect(view.text(".of-batch")).toContain("Batch A");
    expect(view.text(".how-far .between")).toBe("Working74 %");
    expect(controls(view)).toEqual(["Office", "Follow (F)", "Previous desk (←)", "Next desk (→)", "ABatch A"]);
    expect(view.asked).toEqual([]);
  });

  it("sees the figures of a batch, and neither its results nor a control", async () => {
    const view = await page(<BatchPanel id="b1" />, {}, undefined, GUEST);
    await view.show(figures);
    expect(view.text(".batch-head h1")).toBe("Batch A");
    expect(view.all(".results-head, .insights")).toHaveLength(0);
    expect(controls(view)).toEqual(["Office", "Show its desks", "251done", "4failed", "10running", "35waiting"]);
    expect(view.asked).toEqual([]);
  });

  it("is told when a batch is no longer there", async () => {
    const view = await page(<BatchPanel id="gone" />, {}, undefined, GUEST);
    await view.show(figures);
    expect(view.text(".lead")).toBe("This batch is no longer there.");
  });

  it.each([
    ["the sidebar", <Sidebar key="s" />],
    ["the phone's sheet", <PhoneSheet key="p" />],
    ["the bar", <TopBar key="b" right={16} />],
    ["the tabs", <TabBar key="t" />],
    ["the list of keys", <KeysPanel key="k" />],
  ])("finds no way to add, compare or share in %s", async (_, part) => {
    const view = await page(part, {}, undefined, GUEST);
    await view.show(office());
    expect(controls(view).filter((label) => /add|compare|share|plan|cancel|retry|pause/i.test(label))).toEqual([]);
    expect(view.element.textContent).not.toMatch(/Add tasks/);
    expect(view.asked).toEqual([]);
  });

  it("presses keys and drops files in vain where they would add", async () => {
    const view = await page(<p />, {}, undefined, GUEST);
    await view.show(office());
    listen(() => view.app);
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true }));
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(drop, "dataTransfer", { value: { files: [new File(["name\nAcme\n"], "list.csv")] } });
    document.body.dispatchEvent(drop);
    expect(view.app.view.panel.value).toEqual({ kind: "sidebar" });
    expect(drop.defaultPrevented).toBe(true);
  });
});

describe("a member who looks back", () => {
  it("reads logs and results, and changes nothing", async () => {
    const view = await page(<DeskPanel index={6} />, {}, undefined, LOOKING_BACK);
    await view.show(withDesk(working, 6, { execution: "e1", task: "t1", title: "Acme" }));
    expect(new Set(view.asked.map(([name]) => name))).toEqual(new Set(["task", "log"]));
    expect(view.all(".controls")).toHaveLength(0);
  });
});
