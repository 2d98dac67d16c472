/** Choices kept in the browser, where it allows that. */
import type { Keep } from "./view.ts";

const PREFIX = "tendesks.";

/** @param storage asked for each time: the browser may refuse even to name it */
export function browserKeep(storage: () => Storage = () => localStorage): Keep {
  return {
    get(name) {
      try {
        return storage().getItem(PREFIX + name);
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        storage().setItem(PREFIX + name, value);
      } catch {
        // Storage is full or forbidden: the choice holds for this visit.
      }
    },
  };
}

/** Choices that hold for this visit, and some of them from its beginning. */
export function memoryKeep(given: Readonly<Record<string, string>> = {}): Keep {
  const kept = new Map(Object.entries(given));
  return { get: (name) => kept.get(name) ?? null, set: (name, value) => void kept.set(name, value) };
}
