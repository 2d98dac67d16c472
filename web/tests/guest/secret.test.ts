import { describe, expect, it } from "vitest";
import { secretOf, takeSecret } from "../../src/guest/secret.ts";
import { memoryKeep } from "../../src/ui/keep.ts";

const SECRET = "q3yF0Zr8T1vKxWm5n2LbC7dEgHjP9sUaAoIiXtYw4kQ";
const FORBIDDEN = { get: () => null, set: () => undefined };

function place(hash: string) {
  let bared = 0;
  const bare = () => {
    bared += 1;
  };
  return { hash, bare, bared: () => bared };
}

describe("the secret of a link", () => {
  it("leaves the address bar at once and is there after a reload", () => {
    const tab = memoryKeep();
    const first = place(`#${SECRET}`);
    expect(takeSecret("k7q", first, tab)).toBe(SECRET);
    expect(first.bared()).toBe(1);
    const reloaded = place("");
    expect(takeSecret("k7q", reloaded, tab)).toBe(SECRET);
    expect(reloaded.bared()).toBe(0);
  });

  it("is not another link's", () => {
    const tab = memoryKeep();
    takeSecret("k7q", place(`#${SECRET}`), tab);
    expect(takeSecret("other", place(""), tab)).toBeUndefined();
  });

  it("gives way to one that is pasted later", () => {
    const tab = memoryKeep();
    takeSecret("k7q", place(`#${SECRET}`), tab);
    const later = SECRET.replace("q3", "zz");
    expect(takeSecret("k7q", place(`#${later}`), tab)).toBe(later);
    expect(takeSecret("k7q", place(""), tab)).toBe(later);
  });

  it("stays in the address where the browser keeps nothing, for else a reload would lose it", () => {
    const first = place(`#${SECRET}`);
    expect(takeSecret("k7q", first, FORBIDDEN)).toBe(SECRET);
    expect(first.bared()).toBe(0);
  });

  it("is kept nowhere in a frame", () => {
    const frame = place(`#${SECRET}`);
    expect(takeSecret("k7q", frame, undefined)).toBe(SECRET);
    expect(frame.bared()).toBe(0);
    expect(takeSecret("k7q", place(""), undefined)).toBeUndefined();
  });

  it.each(["", "#", "#short", "#a b c d e f g h i j k l m", `#token=${SECRET}`, `#${"x".repeat(300)}`])("is not %o", (hash) => {
    expect(secretOf(hash)).toBeUndefined();
  });
});
