import { describe, expect, it } from "vitest";
import { apply, type Json } from "../../src/state/patch.ts";
import { type Chance, chance } from "../random.ts";

/** RFC 7396, appendix A, word for word. */
const APPENDIX: ReadonlyArray<readonly [Json, Json, Json]> = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

/** The RFC's pseudo code as plainly as it can be written: copies everything, shares nothing. */
function plain(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return structuredClone(patch);
  const object = typeof target === "object" && target !== null && !Array.isArray(target);
  const result = new Map<string, unknown>(object ? Object.entries(structuredClone(target)) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, plain(result.get(key), value));
  }
  return Object.fromEntries(result);
}

const KEYS = ["a", "b", "desks", "0", "constructor", "toString"] as const;

function value(dice: Chance, depth: number, nulls: boolean): Json {
  const sort = dice.below(depth > 0 ? 7 : 4);
  if (sort === 0) return nulls ? null : "none";
  if (sort === 1) return dice.below(5);
  if (sort === 2) return dice.pick(["x", "y", ""]);
  if (sort === 3) return Array.from({ length: dice.below(3) }, () => dice.below(4));
  return Object.fromEntries(Array.from({ length: dice.below(5) }, () => [dice.pick(KEYS), value(dice, depth - 1, nulls)]));
}

describe("apply", () => {
  it.each(APPENDIX)("%j with %j is %j", (target, patch, result) => {
    expect(apply(target, patch)).toEqual(result);
  });

  it("agrees with the plain algorithm on 5,000 random patches (seed 7)", () => {
    const dice = chance(7);
    for (let round = 0; round < 5_000; round += 1) {
      const target = value(dice, 4, false);
      const patch = value(dice, 4, true);
      const before = structuredClone(target);
      expect(apply(target, patch), `round ${round}`).toEqual(plain(target, patch));
      expect(target, `round ${round} changed its target`).toEqual(before);
    }
  });

  it("keeps what a patch does not touch, by identity", () => {
    const target = { desks: { 0: { note: "a" }, 1: { note: "b" } }, queue: { waiting: 3 } };
    const after = apply(target, { desks: { 0: { note: "c" } } }) as typeof target;
    expect(after.queue).toBe(target.queue);
    expect(after.desks[1]).toBe(target.desks[1]);
    expect(after.desks[0]).not.toBe(target.desks[0]);
  });

  it("returns the very target where nothing changes", () => {
    const target = { queue: { waiting: 3 }, desks: {} };
    expect(apply(target, {})).toBe(target);
    expect(apply(target, { queue: { waiting: 3 }, gone: null })).toBe(target);
  });

  it("takes a key named __proto__ for data", () => {
    const patch = JSON.parse('{"__proto__": {"admin": 1}}') as Json;
    const after = apply({}, patch) as object;
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
    expect(JSON.stringify(after)).toBe('{"__proto__":{"admin":1}}');
  });
});
