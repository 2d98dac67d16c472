/** What keys do in a replay; those that are not here do what they do in the live office. */
import type { Press } from "../keys.ts";
import type { replayKeys } from "./keywords.ts";

export type ReplayDeed =
  | { readonly do: "play" | "idle" | "live" }
  | { readonly do: "step" | "seconds" | "tenth" | "marker" | "speed"; readonly direction: 1 | -1 };

export interface ReplayPress extends Press {
  readonly shiftKey: boolean;
}

type Name = keyof typeof replayKeys.deeds;

const PLAIN: Readonly<Record<string, ReplayDeed>> = {
  " ": { do: "play" },
  ",": { do: "step", direction: -1 },
  ".": { do: "step", direction: 1 },
  "[": { do: "marker", direction: -1 },
  "]": { do: "marker", direction: 1 },
  "<": { do: "speed", direction: -1 },
  ">": { do: "speed", direction: 1 },
  i: { do: "idle" },
  g: { do: "live" },
};

/** The rows of the list of keys. */
export const REPLAY_SHOWN: ReadonlyArray<readonly [readonly string[], Name]> = [
  [["Space"], "play"],
  [[",", "."], "step"],
  [["←", "→"], "seconds"],
  [["Shift", "←", "→"], "tenth"],
  [["[", "]"], "marker"],
  [["<", ">"], "speed"],
  [["I"], "idle"],
  [["G"], "live"],
];

/**
 * What a press means, if anything.
 * @param onControl Space presses a button that has the focus, and nothing else
 */
export function replayDeedOf(press: ReplayPress, inField: boolean, onControl: boolean, single: boolean): ReplayDeed | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || inField || !single) return undefined;
  const key = press.key.toLowerCase();
  if (key === " " && onControl) return undefined;
  if (key === "arrowleft" || key === "arrowright") {
    return { do: press.shiftKey ? "tenth" : "seconds", direction: key === "arrowleft" ? -1 : 1 };
  }
  return Object.hasOwn(PLAIN, key) ? PLAIN[key] : undefined;
}
