/**
 * The secret of a link. It comes in the fragment, which no browser sends anywhere, and goes into the body of one request.
 *
 * It leaves the address bar at once: what stands there is seen over shoulders, in shared screens and in the browser's
 * history. A reload must still work, also days later on a screen on a wall, so the tab's own storage keeps it: that is not
 * sent anywhere either, and is gone with the tab. Where a browser refuses storage the fragment stays where it is.
 *
 * In a frame nothing is kept: it has no address bar, and its page knows the whole address anyway.
 */
import type { Keep } from "../ui/view.ts";

const SECRET = /^[\w.~-]{16,256}$/;

/** The parts of a window that matter here. */
export interface Place {
  readonly hash: string;
  /** Puts the same address there without its fragment. */
  bare(): void;
}

export function secretOf(hash: string): string | undefined {
  const secret = hash.replace(/^#/, "");
  return SECRET.test(secret) ? secret : undefined;
}

/**
 * The secret that this page was opened with, now or before a reload.
 * @param keep of this tab alone; absent in a frame
 */
export function takeSecret(link: string, place: Place, keep: Keep | undefined): string | undefined {
  const given = secretOf(place.hash);
  if (keep === undefined) return given;
  const name = `link.${link}`;
  if (given === undefined) return secretOf(keep.get(name) ?? "");
  keep.set(name, given);
  if (keep.get(name) === given) place.bare();
  return given;
}
