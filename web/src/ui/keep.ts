/** Choices kept in the browser between visits, where it allows that. */
import type { Keep } from "./view.ts";

const PREFIX = "tendesks.";

export function browserKeep(): Keep {
  return {
    get(name) {
      try {
        return localStorage.getItem(PREFIX + name);
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        localStorage.setItem(PREFIX + name, value);
      } catch {
        // Storage is full or forbidden: the choice holds for this visit.
      }
    },
  };
}
