import { describe, expect, it } from "vitest";
import { createView } from "../../src/ui/view.ts";

function setup(kept: Readonly<Record<string, string>> = {}, hour = 12) {
  const store = new Map(Object.entries(kept));
  const keep = { get: (name: string) => store.get(name) ?? null, set: (name: string, value: string) => void store.set(name, value) };
  return { view: createView(keep, { width: 1440, height: 900 }, () => hour), store };
}

describe("the view", () => {
  it("closes one thing at a time, back to the sidebar", () => {
    const { view } = setup();
    view.open({ kind: "batch", id: "a" });
    view.open({ kind: "desk", desk: 3 });
    expect(view.back()).toBe(true);
    expect(view.panel.value).toEqual({ kind: "batch", id: "a" });
    expect(view.back()).toBe(true);
    expect(view.panel.value).toEqual({ kind: "sidebar" });
    expect(view.back()).toBe(false);
  });

  it("walking from desk to desk is one thing", () => {
    const { view } = setup();
    for (const desk of [1, 2, 3]) view.open({ kind: "desk", desk });
    expect(view.panel.value).toEqual({ kind: "desk", desk: 3 });
    view.back();
    expect(view.panel.value.kind).toBe("sidebar");
  });

  it("gives a sheet more room than a column, and the welcome its own", () => {
    const { view } = setup();
    expect(view.arrangement.value.panel.width).toBe(352);
    view.open({ kind: "add" });
    expect(view.arrangement.value.panel.width).toBe(708);
    view.open({ kind: "sidebar" });
    view.hello.value = true;
    expect(view.arrangement.value.panel.width).toBe(480);
  });

  it.each([
    [6, true],
    [7, false],
    [18, false],
    [19, true],
  ])("by the clock, at %i it is night: %s", (hour, night) => {
    expect(setup({}, hour).view.night.value).toBe(night);
  });

  it("goes from the clock to day to night and remembers it", () => {
    const { view, store } = setup();
    const seen = [view.theme.value];
    for (let press = 0; press < 3; press += 1) {
      view.nextTheme();
      seen.push(view.theme.value);
    }
    expect(seen).toEqual(["clock", "day", "night", "clock"]);
    expect(store.get("theme")).toBe("clock");
    expect(setup({ theme: "night" }).view.night.value).toBe(true);
  });

  it("remembers that single keys are off", () => {
    const { view, store } = setup();
    view.singleKeys.value = false;
    expect(store.get("keys")).toBe("off");
    expect(setup({ keys: "off" }).view.singleKeys.value).toBe(false);
  });
});

describe("a phone that shows the list", () => {
  it("leaves no room for an office that is not there", () => {
    const { view } = setup();
    view.size.value = { width: 390, height: 844 };
    view.open({ kind: "desk", desk: 3 });
    expect(view.arrangement.value.panel.y).toBe(382);
    view.list.value = true;
    expect(view.arrangement.value.panel.y).toBe(66);
  });
});

describe("the light", () => {
  it.each([
    [3, true, 3],
    [7.25, false, 7.25],
    [18.9, false, 18.9],
    [19, true, 19],
  ])("is that of the clock at %f", (hour, night, shown) => {
    const { view } = setup({}, hour);
    expect([view.night.value, view.hour.value]).toEqual([night, shown]);
  });

  it("is a morning's and an evening's where somebody has chosen it", () => {
    const { view } = setup({ theme: "day" }, 3);
    expect([view.night.value, view.hour.value]).toEqual([false, 10.5]);
    view.nextTheme();
    expect([view.night.value, view.hour.value]).toEqual([true, 22]);
  });
});
