/** Titles grow into the room that is left: as long as they are, as far as no neighbour, sign or face is behind them. Pure. */
import { GAP, type Obstacles, roomFor } from "./boxes.ts";
import type { Box } from "./solver.ts";

/** Widens all plates with words, and draws in those whose words are shorter than what was kept for them; none moves, none comes nearer to another than the gap. */
export function grown(boxes: readonly Box[], obstacles: (box: Box) => Obstacles): void {
  const wishes = boxes.map((box) =>
    box.level === "full" && box.plate.widths.full > box.width ? roomFor(box, box.plate.widths.full, obstacles(box)) : box.width,
  );
  const granted = boxes.map((box, index) => {
    const wish = wishes[index] ?? box.width;
    return boxes.reduce((width, other, at) => {
      if (other === box || Math.abs(box.y - other.y) >= (box.height + other.height) / 2 + GAP) return width;
      return Math.min(width, allowed(box, wish, other, wishes[at] ?? other.width));
    }, wish);
  });
  boxes.forEach((box, index) => {
    const wide = Math.max(box.width, granted[index] ?? box.width);
    box.width = box.level === "full" ? Math.min(wide, box.plate.widths.full) : wide;
  });
}

/** How wide one of two on the same height may be: the narrower one as wide as it wishes, else both the same. Neither has to shrink for the other. */
function allowed(box: Box, wish: number, other: Box, otherWish: number): number {
  const both = 2 * (Math.abs(box.x - other.x) - GAP);
  const half = both / 2;
  const theirs = Math.max(other.width, Math.min(otherWish, Math.max(half, both - wish)));
  return Math.max(box.width, Math.min(wish, both - theirs));
}
