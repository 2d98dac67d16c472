// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BACK_WITHIN_MS, survive } from "../../../src/scene/view/context.ts";

describe("survive", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function made() {
    const canvas = document.createElement("canvas");
    const [restored, lost] = [vi.fn(), vi.fn()];
    const stop = survive(canvas, restored, lost);
    const say = (name: string) => {
      const event = new Event(name, { cancelable: true });
      canvas.dispatchEvent(event);
      return event;
    };
    return { restored, lost, stop, say };
  }

  it("asks for the context back and draws again when it comes", () => {
    const { restored, lost, say } = made();
    expect(say("webglcontextlost").defaultPrevented).toBe(true);
    say("webglcontextrestored");
    vi.advanceTimersByTime(BACK_WITHIN_MS * 2);
    expect(restored).toHaveBeenCalledOnce();
    expect(lost).not.toHaveBeenCalled();
  });

  it("says when it stays away", () => {
    const { lost, say } = made();
    say("webglcontextlost");
    vi.advanceTimersByTime(BACK_WITHIN_MS);
    expect(lost).toHaveBeenCalledOnce();
  });

  it("is silent once stopped", () => {
    const { lost, say, stop } = made();
    say("webglcontextlost");
    stop();
    vi.advanceTimersByTime(BACK_WITHIN_MS);
    say("webglcontextlost");
    vi.advanceTimersByTime(BACK_WITHIN_MS);
    expect(lost).not.toHaveBeenCalled();
  });
});
