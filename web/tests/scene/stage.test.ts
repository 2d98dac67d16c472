// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { createStage } from "../../src/scene/stage.ts";
import { office } from "../office.ts";

describe("createStage", () => {
  it("says so where there is no WebGL, and takes every call all the same", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const onLost = vi.fn();
    const stage = createStage({
      canvas: document.createElement("canvas"),
      plates: document.createElement("div"),
      now: () => 0,
      hour: 12,
      reducedMotion: false,
      onLost,
    });
    expect(onLost).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(onLost).toHaveBeenCalledOnce();
    stage.show([{ at: 0, state: office() }]);
    stage.fit({ x: 0, y: 0, width: 10, height: 10 }, true);
    stage.select(3);
    stage.light(22);
    stage.stale(true);
    stage.renderAt(5);
    expect(stage.drawn()).toEqual([]);
    expect(stage.counts().calls).toBe(0);
    stage.dispose();
  });
});
