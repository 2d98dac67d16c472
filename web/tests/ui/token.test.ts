import { describe, expect, it } from "vitest";
import { tokenIn, tokenOfHash } from "../../src/ui/token.ts";

describe("the token", () => {
  it.each([
    ["#token=abc_DEF-123", "abc_DEF-123"],
    ["#x=1&token=abc12345", "abc12345"],
    ["", undefined],
    ["#other", undefined],
  ])("of the fragment %j is %s", (hash, token) => {
    expect(tokenOfHash(hash)).toBe(token);
  });

  it.each([
    [" http://127.0.0.1:8000/#token=abc12345 ", "abc12345"],
    ["token=abc12345", "abc12345"],
    ["abc12345", "abc12345"],
    ["http://127.0.0.1:8000/", undefined],
    ["short", undefined],
    ["", undefined],
  ])("in what was pasted, %j, is %s", (pasted, token) => {
    expect(tokenIn(pasted)).toBe(token);
  });
});
