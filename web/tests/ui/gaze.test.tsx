// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Batch, OfficeState } from "../../src/state/office.ts";
import { BatchPanel } from "../../src/ui/batchpanel.tsx";
import { DeskPanel } from "../../src/ui/deskpanel.tsx";
import { follow, isBack, leave, nextOverview, onlyOf } from "../../src/ui/gaze.ts";
import { DeskList } from "../../src/ui/list.tsx";
import { LookedAt } from "../../src/ui/lookedat.tsx";
import { FloorPlan } from "../../src/ui/plan.tsx";
import { listen } from "../../src/ui/shortcuts.ts";
import { office, withDesk } from "../office.ts";
import { type Page, page } from "./page.tsx";

const batch = (name: string, order: number, state: Batch["state"] = "running"): Batch => ({
  name,
  order,
  state,
  total: 9,
  done: 1,
  failed: 0,
  running: 3,
});

function busy(): OfficeState {
  const batches = { b1: batch("Companies", 0), b2: batch("Tests", 1), b3: batch("Old ones", 2, "done") };
  let state = office({ batches });
  for (const desk of [2, 3]) state = withDesk(state, desk, { activity: "working", batch: "b1", title: `Acme ${desk}` });
  return withDesk(state, 7, { activity: "working", batch: "b2", title: "test_login" });
}

const whole = (
  <>
    <LookedAt />
    <FloorPlan />
    <DeskList />
  </>
);

let view: Page;
beforeEach(async () => {
  view = await page(whole);
  await view.show(busy());
});

describe("following somebody", () => {
  it("opens the desk of the first who works, says so, and ends with the panel", async () => {
    follow(view.app);
    await view.settle();
    expect(view.app.view.panel.value).toEqual({ kind: "desk", desk: 2 });
    expect(view.text(".looked-at")).toContain("Following Chiyo");
    view.app.view.back();
    await view.settle();
    expect(view.app.view.following.value).toBe(false);
    expect(view.text(".looked-at")).toBe("");
  });

  it("goes on with the next desk that is opened, and stops when asked again", async () => {
    view.app.view.open({ kind: "desk", desk: 4 });
    follow(view.app);
    view.app.view.open({ kind: "desk", desk: 5 });
    await view.settle();
    expect(view.text(".looked-at")).toContain("Following Freya");
    follow(view.app);
    expect(view.app.view.following.value).toBe(false);
    expect(view.app.view.panel.value).toEqual({ kind: "desk", desk: 5 });
  });

  it("has a button in the desk's panel", async () => {
    const desk = await page(<DeskPanel index={2} />, {}, view.app);
    view.app.view.open({ kind: "desk", desk: 2 });
    await desk.press("Follow");
    expect(view.app.view.following.value).toBe(true);
    await desk.press("Stop following");
    expect(view.app.view.following.value).toBe(false);
  });
});

describe("one batch alone", () => {
  it("goes from batch to batch that has not ended, and then to all", () => {
    const seen: Array<string | undefined> = [];
    for (let press = 0; press < 3; press++) {
      nextOverview(view.app);
      seen.push(onlyOf(view.app));
    }
    expect(seen).toEqual(["b1", "b2", undefined]);
  });

  it("begins with the batch of the open panel, and ends there", () => {
    view.app.view.open({ kind: "desk", desk: 7 });
    nextOverview(view.app);
    expect(onlyOf(view.app)).toBe("b2");
    nextOverview(view.app);
    expect(onlyOf(view.app)).toBeUndefined();
  });

  it("says which and how many desks, and lets the others stand back everywhere", async () => {
    view.app.view.only.value = "b1";
    await view.settle();
    expect(view.text(".looked-at")).toBe("AOnly Companies2 desksLeaveEsc");
    expect(view.all(".plan .cell.back")).toHaveLength(8);
    expect(view.all(".desk-row.back")).toHaveLength(8);
    expect(isBack(view.app, view.app.store.desks.value[2])).toBe(false);
    await view.press("Leave");
    expect(view.all(".back")).toHaveLength(0);
    expect(view.app.view.only.value).toBeUndefined();
  });

  it("is over once the office has the batch no more", async () => {
    view.app.view.only.value = "b1";
    await view.show(office());
    expect(onlyOf(view.app)).toBeUndefined();
    expect(view.text(".looked-at")).toBe("");
  });

  it("is entered and left from the batch's panel", async () => {
    const panel = await page(<BatchPanel id="b2" />, {}, view.app);
    await panel.settle();
    await panel.press("Show its desks");
    expect(view.app.view.only.value).toBe("b2");
    await panel.press("Show all desks");
    expect(view.app.view.only.value).toBeUndefined();
  });
});

describe("Esc", () => {
  it("ends one thing at a time: following, then the one batch, then panels", () => {
    view.app.view.only.value = "b1";
    follow(view.app);
    expect([leave(view.app.view), view.app.view.following.value, view.app.view.only.value]).toEqual([true, false, "b1"]);
    expect([leave(view.app.view), view.app.view.only.value]).toEqual([true, undefined]);
    expect(leave(view.app.view)).toBe(false);
    expect(view.app.view.panel.value.kind).toBe("desk");
  });
});

describe("keys of the camera", () => {
  it("nudge the stage, if there is one", () => {
    const nudge = vi.fn();
    listen(() => view.app);
    const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    press("h");
    view.app.stage.value = { nudge } as never;
    for (const key of ["+", "-", "q", "e", "h"]) press(key);
    expect(nudge.mock.calls.flat()).toEqual(["nearer", "farther", "left", "right", "home"]);
    view.app.stage.value = undefined;
  });
});
