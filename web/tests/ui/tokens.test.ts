/** Every ink can be read on every ground, by day and by night: WCAG 2.2, 1.4.3. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const AA = 4.5;
const INKS = ["ink", "ink-2", "ink-3", "coral-ink", "honey-ink", "sage-ink", "red"];
const GROUNDS = ["paper", "sunk", "raised", "teal-soft", "coral-soft", "honey-soft", "red-soft", "sage-soft"];

const css = readFileSync(new URL("../../src/ui/tokens.css", import.meta.url), "utf8");
const dusk = css.indexOf(".night {");
const day = colours(css.slice(0, dusk));
const THEMES = { day, night: { ...day, ...colours(css.slice(dusk)) } };

function colours(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/gi)].map(([, name, hex]) => [name, hex]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

test.each(Object.entries(THEMES))("by %s", (_, theme) => {
  const pairs = INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const));
  for (const [ink, ground] of pairs) expect([theme[ink], theme[ground]], `${ink} on ${ground}`).not.toContain(undefined);
  const faint = pairs.filter(([ink, ground]) => contrast(theme[ink] ?? "", theme[ground] ?? "") < AA);
  expect(faint).toEqual([]);
});
