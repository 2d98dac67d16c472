import { describe, expect, it } from "vitest";
import { Unreachable } from "../../src/net/http.ts";
import { AGAIN_MS, createPieces, KEPT_MAX, LOADING_MAX } from "../../src/replay/pieces.ts";
import type { Shown } from "../../src/state/course.ts";

interface Asked {
  readonly n: number;
  readonly signal: AbortSignal;
  readonly come: () => void;
  readonly fail: (error: unknown) => void;
}

function made() {
  const [asked, changed]: [Asked[], number[]] = [[], []];
  let now = 0;
  const pieces = createPieces({
    load: (n, signal) =>
      new Promise<readonly Shown[]>((resolve, reject) => {
        asked.push({ n, signal, come: () => resolve([]), fail: reject });
      }),
    changed: (n) => changed.push(n),
    local: () => now,
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const come = async (n: number) => {
    asked.findLast((each) => each.n === n)?.come();
    await settle();
  };
  return { pieces, asked, changed, settle, come, pass: (ms: number) => (now += ms) };
}

const numbers = (asked: readonly Asked[]) => asked.map(({ n }) => n);

describe("pieces", () => {
  it("are fetched in the order in which they matter, a few at once", async () => {
    const { pieces, asked, come, changed } = made();
    pieces.want([5, 4, 6, 7]);
    expect(numbers(asked)).toEqual([5, 4, 6]);
    expect(LOADING_MAX).toBe(3);
    await come(4);
    expect(numbers(asked)).toEqual([5, 4, 6, 7]);
    expect(changed).toEqual([4]);
    expect(pieces.peek(4)).toEqual([]);
    expect(pieces.peek(5)).toBeUndefined();
  });

  it("that a new seek makes useless are called off, the others go on", async () => {
    const { pieces, asked, come, changed } = made();
    pieces.want([1, 2, 3]);
    pieces.want([3, 9]);
    expect(asked.map(({ n, signal }) => [n, signal.aborted])).toEqual([
      [1, true],
      [2, true],
      [3, false],
      [9, false],
    ]);
    await come(1);
    expect(changed).toEqual([]);
    expect(pieces.peek(1)).toBeUndefined();
    await come(3);
    expect(pieces.peek(3)).toEqual([]);
  });

  it("are asked for once, whether under way or here", async () => {
    const { pieces, asked, come } = made();
    pieces.want([1]);
    pieces.want([1]);
    await come(1);
    pieces.want([1]);
    expect(asked).toHaveLength(1);
  });

  it("are forgotten when too many matter more, the one least lately wanted first", async () => {
    const { pieces, come } = made();
    for (let n = 0; n <= KEPT_MAX; n += 1) {
      pieces.want(n > 3 ? [n, 0] : [n]);
      await come(n);
    }
    expect(pieces.peek(0)).toEqual([]);
    expect(pieces.peek(1)).toBeUndefined();
    expect(pieces.peek(2)).toEqual([]);
  });

  it("that could not be reached are tried again, but not at once; others never", async () => {
    const { pieces, asked, settle, pass } = made();
    pieces.want([1, 2]);
    asked[0]?.fail(new Unreachable("gone"));
    asked[1]?.fail(new Error("damaged"));
    await settle();
    pieces.want([1, 2]);
    expect(numbers(asked)).toEqual([1, 2]);
    pass(AGAIN_MS);
    pieces.want([1, 2]);
    expect(numbers(asked)).toEqual([1, 2, 1]);
    expect(pieces.failure(1)).toBeInstanceOf(Unreachable);
    expect(pieces.failure(2)).toBeInstanceOf(Error);
  });

  it("that come after all was closed change nothing", async () => {
    const { pieces, come, changed } = made();
    pieces.want([1]);
    pieces.close();
    await come(1);
    expect(changed).toEqual([]);
  });
});
