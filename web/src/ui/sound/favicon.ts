/** The mark in the tab: ten little desks, as many of them lit as people work. Pure; the whole mark is `mark.svg`. */

const [TEAL, HONEY, CORAL, DARK] = ["#1d6f66", "#eeb24a", "#ef7d64", "#cdbfb1"];
const LIT = [TEAL, HONEY, TEAL, CORAL, TEAL, TEAL, HONEY, CORAL, TEAL, TEAL];
const COLUMNS = 5;

/** @param working how many work; more than ten are ten */
export function markOf(working: number): string {
  const desks = LIT.map((color, index) => {
    const [x, y] = [4 + (index % COLUMNS) * 5, index < COLUMNS ? 9 : 17];
    return `<rect x="${x}" y="${y}" width="4" height="6" rx="1.4" fill="${index < working ? color : DARK}"/>`;
  });
  const paper = '<rect width="32" height="32" rx="8" fill="#fffaf2"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${paper}${desks.join("")}</svg>`;
}

export function addressOf(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
