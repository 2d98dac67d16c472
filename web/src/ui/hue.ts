/** A batch's hue and letter follow from its order: eight hues, twenty-six letters, so that the ninth batch starts again at `a` as I. */
export function hue(order: number | undefined): string {
  return order === undefined ? "var(--ink-3)" : `var(--hue-${"abcdefgh"[order % 8]})`;
}

export function letter(order: number): string {
  return String.fromCharCode(65 + (order % 26));
}
