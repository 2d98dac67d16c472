// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { pointer } from "../../../src/scene/view/pointer.ts";

const gestures = { turn: vi.fn(), move: vi.fn(), zoom: vi.fn(), pick: vi.fn(), hover: vi.fn(), home: vi.fn() };
let canvas: HTMLCanvasElement;
let forget: () => void;

function say(name: string, clientX: number, clientY: number, pointerId = 1, more: PointerEventInit = {}): void {
  canvas.dispatchEvent(new PointerEvent(name, { clientX, clientY, pointerId, button: 0, bubbles: true, ...more }));
}

beforeEach(() => {
  vi.clearAllMocks();
  canvas = document.createElement("canvas");
  canvas.setPointerCapture = () => undefined;
  document.body.replaceChildren(canvas);
  forget = pointer(canvas, gestures);
});

describe("pointer", () => {
  it("picks on a click that stays in place", () => {
    say("pointerdown", 100, 50);
    say("pointermove", 102, 51);
    say("pointerup", 102, 51);
    expect(gestures.pick).toHaveBeenCalledExactlyOnceWith(102, 51);
    expect(gestures.turn).not.toHaveBeenCalled();
  });

  it("turns on a drag and picks nothing at its end", () => {
    say("pointerdown", 100, 50);
    say("pointermove", 160, 50);
    say("pointerup", 160, 50);
    expect(gestures.turn).toHaveBeenCalledOnce();
    expect(gestures.turn.mock.calls[0]?.[0]).toBeGreaterThan(0);
    expect(gestures.pick).not.toHaveBeenCalled();
  });

  it("moves the picture with shift or the right button", () => {
    say("pointerdown", 100, 50);
    say("pointermove", 160, 70, 1, { shiftKey: true, buttons: 1 });
    say("pointermove", 170, 70, 1, { buttons: 2 });
    expect(gestures.move.mock.calls).toEqual([
      [60, 20],
      [10, 0],
    ]);
    expect(gestures.turn).not.toHaveBeenCalled();
    const menu = new MouseEvent("contextmenu", { cancelable: true });
    canvas.dispatchEvent(menu);
    expect(menu.defaultPrevented).toBe(true);
  });

  it("moves with the middle of two fingers", () => {
    say("pointerdown", 100, 100, 1);
    say("pointerdown", 200, 100, 2);
    say("pointermove", 120, 100, 1);
    expect(gestures.move).toHaveBeenLastCalledWith(10, 0);
    expect(gestures.zoom).toHaveBeenLastCalledWith(0.8, 160, 100);
  });

  it("zooms with the wheel towards the cursor, and with two fingers", () => {
    canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: -100, clientX: 30, clientY: 40, cancelable: true }));
    expect(gestures.zoom.mock.calls[0]?.[0]).toBeGreaterThan(1);
    say("pointerdown", 100, 100, 1);
    say("pointerdown", 200, 100, 2);
    say("pointermove", 250, 100, 2);
    expect(gestures.zoom).toHaveBeenLastCalledWith(1.5, 175, 100);
    expect(gestures.turn).not.toHaveBeenCalled();
  });

  it("goes home on a double click, hovers without a button, and forgets", () => {
    canvas.dispatchEvent(new MouseEvent("dblclick"));
    say("pointermove", 5, 6);
    expect(gestures.home).toHaveBeenCalledOnce();
    expect(gestures.hover).toHaveBeenCalledWith(5, 6);
    forget();
    canvas.dispatchEvent(new MouseEvent("dblclick"));
    expect(gestures.home).toHaveBeenCalledOnce();
  });
});
