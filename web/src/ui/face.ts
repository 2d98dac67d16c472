/** How much of the page an address asks for: all of it, a wall screen's view without controls, or the panel alone for narrow frames. */

export type Face = "whole" | "wall" | "panel";

export function faceOf(search: string): Face {
  const asked = new URLSearchParams(search);
  if (asked.has("wall")) return "wall";
  return asked.has("panel") ? "panel" : "whole";
}

/** The query that asks for a face, whatever else it asks for; with its question mark, or nothing. */
export function searchFor(face: Face, search: string): string {
  const asked = new URLSearchParams(search);
  asked.delete("wall");
  asked.delete("panel");
  const rest = asked.toString();
  const own = face === "whole" ? "" : face;
  const parts = [own, rest].filter((part) => part !== "");
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
