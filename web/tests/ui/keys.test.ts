import { describe, expect, it } from "vitest";
import { deedOf, keyOf, SHOWN } from "../../src/ui/keys.ts";
import { words } from "../../src/ui/words.ts";

function press(key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) {
  return { key, ctrlKey: false, metaKey: false, altKey: false, ...held };
}

describe("keys", () => {
  it("key 1 is desk 0 and key 0 is desk 9", () => {
    expect(deedOf(press("1"), false, true)).toEqual({ do: "desk", desk: 0 });
    expect(deedOf(press("0"), false, true)).toEqual({ do: "desk", desk: 9 });
    expect([0, 8, 9].map(keyOf)).toEqual(["1", "9", "0"]);
  });

  it.each([
    ["n", "add"],
    ["N", "add"],
    ["u", "upstairs"],
    ["b", "batches"],
    ["x", "trouble"],
    ["f", "follow"],
    ["o", "overview"],
    ["+", "nearer"],
    ["=", "nearer"],
    ["-", "farther"],
    ["q", "left"],
    ["e", "right"],
    ["h", "home"],
    ["l", "list"],
    ["d", "theme"],
    ["/", "search"],
    ["?", "keys"],
    ["ArrowLeft", "previous"],
    ["ArrowRight", "next"],
    ["Escape", "back"],
  ])("%s does %s", (key, deed) => {
    expect(deedOf(press(key), false, true)).toEqual({ do: deed });
  });

  it("rests while a field has focus, but for Esc", () => {
    expect(deedOf(press("n"), true, true)).toBeUndefined();
    expect(deedOf(press("Escape"), true, true)).toEqual({ do: "back" });
  });

  it("rests when single keys are off", () => {
    expect(deedOf(press("n"), false, false)).toBeUndefined();
    expect(deedOf(press("Escape"), false, false)).toEqual({ do: "back" });
  });

  it("leaves the browser's own keys alone", () => {
    expect(deedOf(press("n", { ctrlKey: true }), false, true)).toBeUndefined();
    expect(deedOf(press("l", { metaKey: true }), false, true)).toBeUndefined();
    expect(deedOf(press("1", { altKey: true }), false, true)).toBeUndefined();
  });

  it("knows nothing of what is on no list", () => {
    expect(deedOf(press("z"), false, true)).toBeUndefined();
    expect(deedOf(press("constructor"), false, true)).toBeUndefined();
  });

  it("has words for every row it shows", () => {
    for (const [, deed] of SHOWN) expect(words.keys.deeds[deed]).toBeTruthy();
  });
});
