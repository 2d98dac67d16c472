// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loop, type Pace, pause } from "../../../src/scene/view/loop.ts";

const FRAME_MS = 16;

describe("loop", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["requestAnimationFrame", "cancelAnimationFrame", "setTimeout", "clearTimeout", "performance"] });
    vi.spyOn(document, "hidden", "get").mockReturnValue(false);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  function counted(pace: () => Pace): { renders: () => number; made: ReturnType<typeof loop> } {
    let renders = 0;
    const made = loop(() => {
      renders++;
      return pace();
    });
    return { renders: () => renders, made };
  }

  it("renders once and then not at all while nothing moves", () => {
    const { renders, made } = counted(() => "still");
    vi.advanceTimersByTime(10_000);
    expect(renders()).toBe(1);
    made.wake();
    made.wake();
    vi.advanceTimersByTime(10_000);
    expect(renders()).toBe(2);
    made.stop();
  });

  it("renders at most 15 times a second for idle motion", () => {
    const { renders, made } = counted(() => "idle");
    vi.advanceTimersByTime(10_000);
    expect(renders()).toBeLessThanOrEqual(150);
    expect(renders()).toBeGreaterThan(90);
    made.stop();
  });

  it("renders at the display's rate while somebody walks", () => {
    const { renders, made } = counted(() => "moving");
    vi.advanceTimersByTime(1000);
    expect(renders()).toBeGreaterThan(1000 / FRAME_MS - 5);
    made.stop();
  });

  it("renders nothing in a hidden tab, and again when it is seen", () => {
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    const { renders, made } = counted(() => "moving");
    vi.advanceTimersByTime(5000);
    expect(renders()).toBe(0);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    vi.advanceTimersByTime(FRAME_MS * 2);
    expect(renders()).toBeGreaterThan(0);
    made.stop();
  });

  it("lets a page be used that is drawn in software: whatever asks waits its turn, and is not forgotten", () => {
    let drawing = 0;
    const clock = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => clock() + drawing);
    const { renders, made } = counted(() => {
      drawing += 600;
      return "still";
    });
    for (let passed = 0; passed < 8000; passed += 10) {
      made.wake();
      vi.advanceTimersByTime(10);
    }
    const before = renders();
    expect(before).toBeGreaterThan(6);
    expect(before).toBeLessThan(24);
    made.wake();
    vi.advanceTimersByTime(2000);
    expect(renders()).toBe(before + 1);
    made.stop();
  });

  it("takes one slow render, as the first is, for no slow machine", () => {
    let drawing = 0;
    const clock = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => clock() + drawing);
    const { renders, made } = counted(() => {
      if (drawing === 0) drawing = 700;
      return "moving";
    });
    vi.advanceTimersByTime(1000);
    expect(renders()).toBeGreaterThan(1000 / FRAME_MS - 5);
    made.stop();
  });

  it("stops for good", () => {
    const { renders, made } = counted(() => "moving");
    vi.advanceTimersByTime(100);
    made.stop();
    const before = renders();
    made.wake();
    vi.advanceTimersByTime(1000);
    expect(renders()).toBe(before);
  });

  it("leaves a slow machine time to breathe", () => {
    expect(pause("idle", 5)).toBeCloseTo(1000 / 15);
    expect(pause("idle", 200)).toBe(600);
    expect(pause("moving", 200)).toBe(0);
    expect(pause("still", 5)).toBeUndefined();
  });
});
