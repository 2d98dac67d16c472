import { describe, expect, it } from "vitest";
import { decode } from "../../../src/ui/submit/decode.ts";

const TEXT = "name,city\nMüller,Köln\n";

function utf16(text: string, little: boolean, mark: boolean): Uint8Array {
  const codes = [...(mark ? "\ufeff" : ""), ...text].map((char) => char.charCodeAt(0));
  return Uint8Array.from(codes.flatMap((code) => (little ? [code & 255, code >> 8] : [code >> 8, code & 255])));
}

describe("decode", () => {
  it.each([
    ["UTF-8", new TextEncoder().encode(TEXT)],
    ["UTF-8 with a mark", new TextEncoder().encode(`\ufeff${TEXT}`)],
    ["UTF-16, little end first", utf16(TEXT, true, true)],
    ["UTF-16, big end first", utf16(TEXT, false, true)],
    ["UTF-16 without a mark", utf16(TEXT, true, false)],
    ["UTF-16 without a mark, big end first", utf16(TEXT, false, false)],
    ["Windows-1252", Uint8Array.from([...TEXT].map((char) => char.charCodeAt(0)))],
  ])("reads %s", (_what, bytes) => {
    expect(decode(bytes)).toBe(TEXT);
  });

  it("reads nothing from nothing", () => {
    expect(decode(new Uint8Array())).toBe("");
  });
});
