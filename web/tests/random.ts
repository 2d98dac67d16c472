/** Chance with a seed (mulberry32), so that a failing test can be repeated. */
export interface Chance {
  /** In [0, 1). */
  next(): number;
  below(most: number): number;
  pick<T>(choices: readonly T[]): T;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (most: number) => Math.floor(next() * most);
  return { next, below, pick: (choices) => choices[below(choices.length)] as (typeof choices)[number] };
}
