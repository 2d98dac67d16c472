/** What a browser calls itself, as people call it: "Firefox on Linux". A guess, so what it said itself is kept beside it. */

// In this order: most of them also say the names of those below.
const BROWSERS: ReadonlyArray<readonly [RegExp, string]> = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/HeadlessChrome\/|Chrom(e|ium)\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/iPhone|iPad|iPod/, "iOS"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Windows/, "Windows"],
  [/Linux/, "Linux"],
];

function named(agent: string, names: ReadonlyArray<readonly [RegExp, string]>): string | undefined {
  return names.find(([mark]) => mark.test(agent))?.[1];
}

/** @param label what it said of itself; one that nobody knows is shown as it is */
export function browserName(label: string | undefined): string | undefined {
  if (label === undefined || !label.startsWith("Mozilla/")) return label;
  const [browser, system] = [named(label, BROWSERS), named(label, SYSTEMS)];
  if (browser === undefined) return label;
  return system === undefined ? browser : `${browser} on ${system}`;
}
