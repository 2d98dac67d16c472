/** Chance that repeats: the same seed gives the same office, confetti and strands of hair (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of `list`, by a number from 0 to 1. */
export function pick<T>(list: readonly [T, ...T[]], at: number): T {
  return list[Math.min(list.length - 1, Math.floor(at * list.length))] ?? list[0];
}

/** The entry at `index`, counted round and round. */
export function cycled<T>(list: readonly [T, ...T[]], index: number): T {
  return list[((index % list.length) + list.length) % list.length] ?? list[0];
}
