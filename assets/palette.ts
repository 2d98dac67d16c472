/** Every colour of the room and its people, as sRGB. Saturated hues mean a batch and stand apart. */
export const C = {
  wood: "#e3b98c",
  woodTop: "#e6bd90",
  woodDark: "#b97a45",
  wall: "#d3e3d8",
  wallDeep: "#bcd5ca",
  trim: "#fff7ec",
  white: "#fbf3e6",
  cream: "#fdf1e0",
  drawer: "#f0e1cc",
  dark: "#3b3440",
  metal: "#8d8791",
  teal: "#4f9d94",
  tealLight: "#6fb4aa",
  coral: "#ef7d64",
  coralLight: "#e8907a",
  mustard: "#eeb24a",
  sage: "#8fb27c",
  leaf: "#5c9a5b",
  leafLight: "#7bb66a",
  leafDark: "#3f7d55",
  terracotta: "#d4754e",
  navy: "#405078",
  navyLight: "#51638f",
  pink: "#f2a99a",
  lilac: "#a894c9",
  soil: "#5b4036",
  bark: "#7a5a3c",
  rugBack: "#7fa99b",
  rugBackLine: "#f0dcb8",
  rugFront: "#df7f68",
  rugFrontLine: "#f3d9b5",
  slab: "#f7e8d2",
  slabSide: "#eec8a4",
  mat: "#7b5a58",
  cat: "#e8a35c",
  catDark: "#d08a45",
  paper: "#f6efe4",
  keys: "#d8cfc4",
  ink: "#2b2230",
  lip: "#8c3f38",
  stairLight: "#ffdf9e",
  shadeDay: "#ffd9a0",
} as const;

export const PANELS = ["#e6c39a", "#dfb88b", "#eccca6"] as const;
export const PLANKS = ["#efd0a4", "#e9c796", "#f2d7ae", "#e5bf8b", "#eccb9c", "#f3dab4"] as const;
export const SKINS = [
  "#f6c7a3",
  "#e0a277",
  "#c98a62",
  "#9c6243",
  "#f3b993",
  "#cf8f66",
  "#84523a",
  "#f8d0b2",
  "#d79a72",
  "#a5673f",
] as const;
export const HAIRS = [
  "#3a2a2a",
  "#4a3a52",
  "#6b4426",
  "#b5532f",
  "#1f1c24",
  "#5a3a2a",
  "#7a4a2b",
  "#e0a84f",
  "#8c8592",
  "#2c2430",
] as const;
export const SHIRTS = [
  "#ef7d64",
  "#4f9d94",
  "#eeb24a",
  "#7f8fd0",
  "#8fb27c",
  "#d56a7f",
  "#f0e3cf",
  "#5d79a8",
  "#b48bc4",
  "#e79a5b",
] as const;
export const TROUSERS = ["#405078", "#5a4a52", "#6b5a4a", "#3b4a4a", "#4a4468"] as const;
export const SHOES = ["#f4efe8", "#3b3440", "#ef7d64"] as const;
export const CONFETTI = ["#ef7d64", "#eeb24a", "#4f9d94", "#a894c9", "#fff3e0", "#f2a99a"] as const;

/** The hues of batches by `order` mod 8, as drawn on paper by day and by night (the CSS custom properties `--hue-a` to `--hue-h` hold the same). */
export const HUES_DAY = ["#279487", "#4e85d9", "#ca6c00", "#9a6fdb", "#ca638b", "#6c903b", "#328faa", "#a17e65"] as const;
export const HUES_NIGHT = ["#4cc9b8", "#7fabf5", "#f7b350", "#b894ee", "#f08fb4", "#a9cf70", "#6cc8e2", "#d3b39b"] as const;
export const FAILED_GLOW = "#ff6a52";

const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);

/** Red, green and blue of `#rrggbb`, each 0 to 255. */
export function rgb(hex: string): readonly [number, number, number] {
  return [channel(hex, 1), channel(hex, 3), channel(hex, 5)];
}

/** `from` moved towards `to` by `amount` (0 to 1), channel by channel. */
export function blend(from: string, to: string, amount: number): string {
  const [a, b] = [rgb(from), rgb(to)];
  const mixed = ([0, 1, 2] as const).map((i) => Math.round(a[i] + (b[i] - a[i]) * amount));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

export const darker = (hex: string, amount: number): string => blend(hex, "#000000", amount);
