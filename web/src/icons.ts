/**
 * Every glyph of the interface and of the room's plates: 16 px box, 1.75 px stroke, round ends, `currentColor`.
 * A glyph says nothing to a screen reader; whoever draws one alone gives its control a name.
 */
const SHAPES = {
  // What a desk is doing: one fixed glyph for each activity.
  play: '<path d="M5.2 3.6v8.8L12 8z" fill="currentColor"/>',
  hourglass:
    '<path d="M4.2 2.4h7.6M4.2 13.6h7.6M5.2 2.4c0 3.1 2.8 3.8 2.8 5.6s-2.8 2.5-2.8 5.6M10.8 2.4c0 3.1-2.8 3.8-2.8 5.6s2.8 2.5 2.8 5.6"/>',
  check: '<path d="M3.2 8.6l3 3 6.6-6.8"/>',
  bang: '<path d="M8 2.8v6.4M8 12.9v.1"/>',
  cup: '<path d="M3.2 6.2h7.6v3.6a3 3 0 0 1-3 3H6.200a3 3 0 0 1-3-3zM10.8 7.200h.9a1.5 1.5 0 0 1 0 3.100h-.9M5.6 2.600v1.100M8.4 2.600v1.1"/>',
  moon: '<path d="M12.9 9.7A5.4 5.4 0 0 1 6.5 3.100a5.4 5.4 0 1 0 6.4 6.600z"/>',
  // Moving about.
  back: '<path d="M9.6 3.600L5.2 8l4.4 4.4"/>',
  next: '<path d="M6.4 3.600L10.8 8l-4.4 4.4"/>',
  down: '<path d="M3.6 6.200L8 10.600l4.4-4.4"/>',
  cross: '<path d="M4.2 4.200l7.6 7.600M11.8 4.200l-7.6 7.6"/>',
  plus: '<path d="M8 3.200v9.600M3.2 8h9.6"/>',
  list: '<path d="M2.7 4.200h.1M2.7 8h.1M2.7 11.800h.1M5.8 4.200h7.600M5.8 8h7.600M5.8 11.800h7.6"/>',
  search: '<circle cx="7" cy="7" r="4.2"/><path d="M10.2 10.200l3.5 3.5"/>',
  office: '<path d="M2.6 7.400L8 2.800l5.4 4.600M4 6.600v6.600h8V6.600M6.6 13.200V9.600h2.800v3.6"/>',
  stairs: '<path d="M2.2 13.300h2.900v-3.100H8V7.100h2.900V4h2.9"/>',
  sun: '<circle cx="8" cy="8" r="2.7"/><path d="M8 1.600v1.200M8 13.200v1.200M1.6 8h1.200M13.2 8h1.200M3.5 3.500l.8.800M11.7 11.700l.8.800M3.5 12.500l.8-.8M11.7 4.300l.8-.8"/>',
  clock: '<circle cx="8" cy="8" r="5.7"/><path d="M8 4.800V8l2.2 1.5"/>',
  eye: '<path d="M1.700 8s2.300-4.300 6.300-4.300S14.300 8 14.300 8 12 12.300 8 12.300 1.700 8 1.700 8z"/><circle cx="8" cy="8" r="1.900"/>',
  person: '<circle cx="8" cy="5.300" r="2.800"/><path d="M2.600 13.700c.5-2.900 2.600-4.300 5.400-4.300s4.900 1.400 5.400 4.300"/>',
  knobs: '<path d="M2.6 5h4.6M11 5h2.4M2.6 11h2.4M8.8 11h4.6"/><circle cx="9.1" cy="5" r="1.9"/><circle cx="6.9" cy="11" r="1.9"/>',
  // Doing something.
  share: '<path d="M8 10.200V2.600M5 5.400L8 2.500l3 2.900M3.400 8.600v4.600h9.200V8.600"/>',
  link: '<path d="M6.700 9.300l2.600-2.600M7.400 4.700l1.400-1.400a2.800 2.800 0 0 1 3.900 3.900l-1.400 1.400M8.600 11.300l-1.400 1.400a2.800 2.800 0 0 1-3.900-3.900l1.400-1.400"/>',
  pause: '<path d="M5.6 3.600v8.800M10.4 3.600v8.8"/>',
  retry: '<path d="M2.7 8.100a5.3 5.3 0 1 0 1.7-3.900M2.6 2.200v2.700h2.7"/>',
  copy: '<rect x="5.6" y="5.6" width="7.8" height="7.8" rx="1.6"/><path d="M10.4 3.100v-.5H2.600v7.800h.5"/>',
  save: '<path d="M8 2.600v8M4.9 7.600L8 10.700l3.1-3.100M3 13.400h10"/>',
  // Looking back.
  replay: '<path d="M2.600 8.100a5.400 5.400 0 1 0 1.800-4M2.500 2.200v2.700h2.700M8 5.300v2.900l2 1.200"/>',
  stepback: '<path d="M12 3.700L6.600 8l5.400 4.300zM4 3.700v8.600"/>',
  stepon: '<path d="M4 3.700L9.400 8 4 12.300zM12 3.700v8.600"/>',
  loop: '<path d="M3 7.200a3.700 3.700 0 0 1 3.700-3.600H12M10.200 1.800L12 3.600l-1.800 1.800M13 8.800a3.700 3.700 0 0 1-3.700 3.600H4M5.800 14.200L4 12.400l1.800-1.800"/>',
  flag: '<path d="M4 13.800V2.700h7.600L9.800 5.300l1.800 2.600H4"/>',
  star: '<path d="M8 2.300l1.700 3.600 4 .5-2.900 2.700.7 3.900L8 11.100 4.500 13l.7-3.900-2.900-2.700 4-.5z"/>',
  // What a task can be.
  command: '<path d="M3 4.800L6.2 8 3 11.200M8.2 11.600h4.8"/>',
  chat: '<path d="M2.6 3.400h10.800v7.400H7l-2.900 2.500v-2.500H2.600z"/>',
  globe:
    '<circle cx="8" cy="8" r="5.6"/><path d="M2.4 8h11.200M8 2.400c3.300 3.500 3.300 7.700 0 11.200-3.300-3.500-3.300-7.700 0-11.200z"/>',
  external: '<path d="M6.600 3.400H3.200v9.400h9.400V9.400M9.400 2.600h4v4M13.200 2.800L7.600 8.400"/>',
  code: '<path d="M5.400 4.200L1.800 8l3.600 3.800M10.600 4.200L14.200 8l-3.600 3.800"/>',
  demo: '<path d="M6 2.300h4M7 2.300v4L3.1 13.500h9.800L9 6.300v-4M5.1 10.100h5.8"/>',
  file: '<path d="M4 2h5l3 3v9H4zM9 2v3h3M6.2 8.200h3.600M6.2 11h3.6"/>',
} as const;

export type IconName = keyof typeof SHAPES;

export const ICON_NAMES = Object.keys(SHAPES) as readonly IconName[];

/** The drawing inside the box, for whoever makes the `<svg>` itself. */
export function shape(name: IconName): string {
  return SHAPES[name];
}

/** A complete inline `<svg class="i">`. */
export function icon(name: IconName): string {
  return `<svg class="i" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[name]}</svg>`;
}
