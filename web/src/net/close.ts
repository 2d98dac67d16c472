/** Every way a socket of ours closes, and what the page does about it. */
export type Remedy =
  /** Open another after a pause. */
  | "retry"
  /** The same, but what is held is not offered again. */
  | "afresh"
  /** The same, but not before half a minute. */
  | "later"
  /** Ask for a fresh URL. */
  | "signin"
  /** "This link has ended", and nothing more is tried. */
  | "ended"
  /** The server speaks another version than this page: a reload gets the page that fits. */
  | "outdated";

const REMEDIES: ReadonlyMap<number, Remedy> = new Map([
  [4400, "afresh"],
  [4401, "signin"],
  [4403, "ended"],
  [4404, "ended"],
  [4408, "retry"],
  [4409, "outdated"],
  [4429, "later"],
  [1012, "retry"],
]);

export function remedy(code: number): Remedy {
  return REMEDIES.get(code) ?? "retry";
}
