// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { listen } from "../../src/ui/shortcuts.ts";
import { office, withDesk } from "../office.ts";
import { type Page, page } from "./page.tsx";

/** One page for the file: listeners of the window cannot be taken back. */
let view: Page;

beforeEach(async () => {
  if (view !== undefined) return;
  view = await page(<input id="search" />);
  await view.show(withDesk(office(), 4, { activity: "failed" }));
  listen(() => view.app);
});

function press(key: string, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

const panel = () => view.app.view.panel.value;

describe("keys on the page", () => {
  it("open desks and walk along them, round the end", () => {
    press("0");
    expect(panel()).toEqual({ kind: "desk", desk: 9 });
    press("ArrowRight");
    expect(panel()).toEqual({ kind: "desk", desk: 0 });
    press("ArrowLeft");
    expect(panel()).toEqual({ kind: "desk", desk: 9 });
  });

  it("find the next desk in trouble", () => {
    press("x");
    expect(panel()).toEqual({ kind: "desk", desk: 4 });
  });

  it("open panels and close one at a time", () => {
    press("Escape");
    press("n");
    press("?");
    expect(panel()).toEqual({ kind: "keys" });
    press("Escape");
    expect(panel()).toEqual({ kind: "add" });
    press("Escape");
    expect(panel()).toEqual({ kind: "sidebar" });
  });

  it("rest in a field, which Esc leaves first", () => {
    const field = view.element.querySelector("input");
    if (field === null) throw new Error("expected a field");
    press("/");
    expect(document.activeElement).toBe(field);
    press("n", field);
    expect(panel()).toEqual({ kind: "sidebar" });
    press("Escape", field);
    expect(document.activeElement).not.toBe(field);
  });

  it("change list and light", () => {
    press("l");
    expect(view.app.view.list.value).toBe(true);
    press("Escape");
    expect(view.app.view.list.value).toBe(false);
    press("d");
    expect(view.app.view.theme.value).toBe("day");
  });
});

describe("a dropped file", () => {
  it("is a list of tasks, wherever it falls", async () => {
    const file = new File(["name,city\nAcme,Jena\n"], "list.csv");
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(drop, "dataTransfer", { value: { files: [file] } });
    document.body.dispatchEvent(drop);
    await view.settle();
    expect(drop.defaultPrevented).toBe(true);
    expect(panel()).toEqual({ kind: "add" });
    expect(view.app.draft.table.value?.rows).toEqual([["Acme", "Jena"]]);
  });
});
