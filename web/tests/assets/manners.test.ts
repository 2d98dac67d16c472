import { describe, expect, it } from "vitest";
import { MANNERS, mannerOf } from "../../../assets/people/manners.ts";

describe("what a note says of the work", () => {
  it.each([
    ["reading page 7 of 12", "read"],
    ["Step 2: WRITING the summary", "write"],
    ["waits for api.example.com", "call"],
    ["thinking, 120 tokens", "think"],
    ["312 tokens", "write"],
    ["call: die Werkstatt", "call"],
  ])("%s", (note, manner) => expect(mannerOf(note)).toBe(manner));

  it.each(["", "ready", "Kapitel 3", "a demo", undefined])("nothing: %s", (note) => expect(mannerOf(note)).toBeUndefined());

  it("has each word once", () => {
    const words = Object.values(MANNERS).flat();
    expect(new Set(words).size).toBe(words.length);
    expect(words.every((word) => /^[a-z]+$/.test(word))).toBe(true);
  });
});
