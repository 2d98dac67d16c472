/** Which page an address asks for. All are one application; the server gives each of them its own headers. */

export type Mode =
  /** The owner's and the members' office. */
  | { readonly kind: "member" }
  /** What a link shows; `embedded` in a frame of another page. */
  | { readonly kind: "guest"; readonly link: string; readonly embedded: boolean }
  /** The player for a file that somebody drops. */
  | { readonly kind: "play" };

const LINK = /^\/(s|embed)\/([a-z0-9]{1,64})$/;

export function modeOf(path: string): Mode {
  if (path === "/play") return { kind: "play" };
  const [, how, link] = LINK.exec(path) ?? [];
  return link === undefined ? { kind: "member" } : { kind: "guest", link, embedded: how === "embed" };
}
