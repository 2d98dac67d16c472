// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { Hello } from "../../src/ui/hello.tsx";
import { SHOWN } from "../../src/ui/keys.ts";
import { KeysPanel } from "../../src/ui/keyspanel.tsx";
import { DeskList } from "../../src/ui/list.tsx";
import { SignIn } from "../../src/ui/signin.tsx";
import { choose, TabBar } from "../../src/ui/tabs.tsx";
import { TopBar } from "../../src/ui/topbar.tsx";
import { UpstairsPanel } from "../../src/ui/upstairs.tsx";
import { office, WORKERS, withDesk } from "../office.ts";
import { NOW, page } from "./page.tsx";

describe("the list", () => {
  it("says the same ten in the same order", async () => {
    const view = await page(<DeskList />);
    await view.show(withDesk(office(), 1, { activity: "failed", reason: "timeout" }));
    expect(view.all(".desk-row b").map((name) => name.textContent)).toEqual(WORKERS);
    expect(view.all(".desk-row .red").map((words) => words.textContent)).toEqual(["Timed out"]);
  });

  it("says when there is no 3D", async () => {
    const view = await page(<DeskList />);
    view.app.view.noRoom.value = true;
    await view.show(office());
    expect(view.text(".no-room")).toBe("No 3D on this device. The list says the same.");
  });
});

describe("upstairs", () => {
  it("lists who runs beyond the desks, oldest first, and counts the rest", async () => {
    const view = await page(<UpstairsPanel />);
    const shown = { e2: { title: "Later", since: NOW - 5_000 }, e1: { title: "First", since: NOW - 60_000 } };
    await view.show(office({ overflow: { count: 27, shown } }));
    expect(view.text(".under")).toBe("27 tasks run beyond the ten desks.");
    expect(view.all(".person").map((row) => row.textContent)).toEqual(["First1:00", "Later0:05"]);
    expect(view.text(".people p")).toBe("and 25 more");
  });
});

describe("the welcome", () => {
  it("counts the desks that are free", async () => {
    const view = await page(<Hello />);
    await view.show(office());
    expect(view.text("h1")).toContain("Ten desks are free.");
    await view.show(office({ office: { id: "m", tier: "free", slots: 1, running: 0 } }));
    expect(view.text("h1")).toContain("One desk is free.");
  });

  it("takes a file and shows it where tasks are added", async () => {
    const view = await page(<Hello />);
    await view.show(office());
    const field = view.element.querySelector("input[type=file]");
    if (field === null) throw new Error("expected a field for files");
    Object.defineProperty(field, "files", { value: [new File(["name\nAcme\n"], "list.csv")] });
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await view.settle();
    expect(view.app.view.panel.value).toEqual({ kind: "add" });
    expect(view.app.draft.table.value?.rows).toEqual([["Acme"]]);
  });

  it("starts a demo that is called one", async () => {
    const view = await page(<Hello />);
    await view.show(office());
    await view.press("Run a demo of 20 tasks");
    expect(view.asked.at(-1)?.[1]).toMatchObject({ kind: "demo", name: "Demo of 20 tasks" });
  });
});

describe("the sign-in", () => {
  it("takes the printed address, and nothing that holds no token", async () => {
    const view = await page(<SignIn />);
    await view.type("input", "http://127.0.0.1:8000/");
    expect(view.all("button[disabled]")).toHaveLength(1);
    await view.type("input", "http://127.0.0.1:8000/#token=abc12345");
    view.element.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await view.settle();
    expect(view.asked).toEqual([["session", "abc12345"]]);
  });
});

describe("the bar", () => {
  it("shows the office's name, its freshness and the one primary action", async () => {
    const view = await page(<TopBar right={384} />);
    await view.show(office());
    view.app.store.enter("live");
    await view.settle();
    expect(view.text("h1")).toBe("Juniper Research");
    expect(view.text(".chip-live")).toBe("Live0.0 s ago");
    await view.press("Add tasks");
    expect(view.app.view.panel.value.kind).toBe("add");
  });
});

describe("the tabs", () => {
  it("are four, and choose between room, list, batches and adding", async () => {
    const view = await page(<TabBar />);
    expect(view.all("button").map((tab) => tab.textContent)).toEqual(["Office", "Desks", "Batches", "Add"]);
    choose(view.app.view, "desks");
    await view.settle();
    expect(view.text("[aria-current=page]")).toBe("Desks");
    choose(view.app.view, "add");
    await view.settle();
    expect(view.text("[aria-current=page]")).toBe("Add");
    expect(view.app.view.list.value).toBe(false);
  });
});

describe("the list of keys", () => {
  it("can turn single keys off", async () => {
    const view = await page(<KeysPanel />);
    // Whoever may not look back is not told how.
    expect(view.all("dd")).toHaveLength(SHOWN.length - 1);
    const box = view.element.querySelector<HTMLInputElement>("input[type=checkbox]:not([role])");
    box?.click();
    await view.settle();
    expect(view.app.view.singleKeys.value).toBe(false);
  });
});
