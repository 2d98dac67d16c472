import { describe, expect, it } from "vitest";
import { type Block, GAP, overlap, type Point, type Quad, touch } from "../../../src/scene/plates/boxes.ts";
import { type Placed, type Plate, type Room, solved } from "../../../src/scene/plates/solver.ts";
import { type Chance, chance } from "../../random.ts";

const SEEDS = Array.from({ length: 400 }, (_, index) => index + 1);
const corners = ({ x, y, width, height }: Block): Point[] => [
  { x: x - width / 2, y: y - height / 2 },
  { x: x + width / 2, y: y - height / 2 },
  { x: x + width / 2, y: y + height / 2 },
  { x: x - width / 2, y: y + height / 2 },
];

/** Ten desks in two slanting rows as the camera shows them, in a free rectangle of any size, with words of any length. */
function scene(random: Chance): { plates: Plate[]; room: Room } {
  const [width, height] = [260 + random.below(1700), 200 + random.below(1000)];
  const scale = Math.min(width / 1000, height / 640);
  const [ox, oy] = [random.below(60) + (width - 1000 * scale) / 2, random.below(60) + (height - 640 * scale) / 2];
  const at = (x: number, y: number): Point => ({ x: ox + x * scale, y: oy + y * scale });
  const selected = random.below(14);
  const plates = Array.from({ length: 10 }, (_, id): Plate => {
    const [row, column] = [id < 5 ? "back" : "front", id % 5] as const;
    const name = 50 + random.below(50);
    const keep = random.next() < 0.25 || id === selected;
    const full = name + 10 + random.below(160);
    return {
      id,
      row,
      at: row === "back" ? at(360 + column * 108, 150 + column * 36) : at(230 + column * 108, 340 + column * 40),
      or: row === "back" ? at(380 + column * 108, 250 + column * 36) : undefined,
      widths: { full, least: keep ? full : name + 90, name, ring: 24 },
      heights: { full: id === selected ? 44 : 24, ring: 24 },
      keep,
      selected: id === selected,
      upstairs: false,
      faded: random.next() < 0.1,
    };
  });
  if (random.next() < 0.5) {
    plates.push({
      id: 10,
      row: "back",
      at: at(930, 330),
      widths: { full: 100, least: 100, name: 60, ring: 60 },
      heights: { full: 24, ring: 24 },
      keep: false,
      selected: false,
      upstairs: true,
      faded: false,
    });
  }
  const display: Quad = [at(500, 60), at(700, 120), at(700, 200), at(500, 140)];
  const stairs: Quad = [at(900, 210), at(975, 230), at(975, 330), at(900, 310)];
  const head = 24 * scale;
  const faces = plates.slice(0, 10).map(({ at: { x, y }, row }): Block => {
    return { x: x + random.below(20) * scale, y: y + (row === "back" ? 44 : -86) * scale, width: head * 1.3, height: head };
  });
  return {
    plates,
    room: {
      bounds: { x: ox - 20, y: oy - 20, width: width * 0.98, height: height * 0.98 },
      display,
      stairs,
      faces,
      ringsOnly: random.next() < 0.15,
    },
  };
}

describe("solver", () => {
  it.each(SEEDS)("lets no two plates touch, none cover faces or signs, none leave the free rectangle (seed %i)", (seed) => {
    const random = chance(seed);
    const { plates, room } = scene(random);
    const shown = solved(plates, room, random.below(6)).places.filter(({ level }) => level !== "hidden");
    for (const [index, plate] of shown.entries()) {
      const { bounds } = room;
      expect(plate.x - plate.width / 2).toBeGreaterThanOrEqual(bounds.x - 0.02);
      expect(plate.y - plate.height / 2).toBeGreaterThanOrEqual(bounds.y - 0.02);
      expect(plate.x + plate.width / 2).toBeLessThanOrEqual(bounds.x + bounds.width + 0.02);
      expect(plate.y + plate.height / 2).toBeLessThanOrEqual(bounds.y + bounds.height + 0.02);
      if (room.display) expect(overlap(corners(plate), room.display)).toBe(false);
      if (room.stairs && plate.id !== 10) expect(overlap(corners(plate), room.stairs)).toBe(false);
      for (const face of room.faces) expect(touch(plate, face, 0)).toBe(false);
      for (const other of shown.slice(index + 1)) expect(touch(plate, other, GAP - 0.01)).toBe(false);
    }
  });

  it.each(SEEDS.slice(0, 100))("places every desk once, the same way each time (seed %i)", (seed) => {
    const { plates, room } = scene(chance(seed));
    const answer = solved(plates, room);
    expect(answer.places.map(({ id }) => id)).toEqual(plates.map(({ id }) => id));
    expect(solved(plates, room)).toEqual(answer);
    expect(solved(plates, room, answer.step).places).toEqual(answer.places);
  });

  it.each(SEEDS.slice(0, 100))("shows as many words for a long title as for a short one (seed %i)", (seed) => {
    const { plates, room } = scene(chance(seed));
    const long = plates.map((plate) => (plate.keep ? plate : { ...plate, widths: { ...plate.widths, full: plate.widths.full + 150 } }));
    const levels = (list: readonly Plate[]) => solved(list, room).places.map(({ level }) => level);
    expect(levels(long)).toEqual(levels(plates));
  });

  const wide: Room = {
    bounds: { x: 0, y: 0, width: 1400, height: 900 },
    display: undefined,
    stairs: undefined,
    faces: [],
    ringsOnly: false,
  };
  const plate = (id: number, x: number, y: number, parts: Partial<Plate> = {}): Plate => ({
    id,
    row: "back",
    at: { x, y },
    widths: { full: 140, least: 140, name: 60, ring: 24 },
    heights: { full: 24, ring: 24 },
    keep: false,
    selected: false,
    upstairs: false,
    faded: false,
    ...parts,
  });
  const placesOf = (plates: readonly Plate[], room = wide) => solved(plates, room).places;
  const levels = (plates: readonly Plate[], room = wide) => placesOf(plates, room).map(({ level }) => level);

  it("keeps all words where there is room, exactly at the desks", () => {
    expect(placesOf([plate(0, 200, 100), plate(1, 400, 100)])).toMatchObject([
      { level: "full", x: 200, y: 100 },
      { level: "full", x: 400, y: 100 },
    ]);
  });

  it("drops the titles of the back row first, but not of who failed", () => {
    const plates = [plate(0, 200, 100), plate(1, 310, 100, { keep: true }), plate(5, 200, 400, { row: "front" })];
    expect(levels(plates)).toEqual(["name", "full", "full"]);
  });

  it("then drops all titles but those that must stay", () => {
    const plates = [plate(0, 200, 100), plate(5, 300, 400, { row: "front" }), plate(6, 410, 400, { row: "front", keep: true })];
    expect(levels(plates)).toEqual(["name", "name", "full"]);
  });

  it("then slides the neighbour of the selected plate, which stays", () => {
    const chosen = plate(6, 300, 400, { row: "front", selected: true, keep: true });
    const [first, second] = placesOf([plate(5, 230, 400, { row: "front" }), chosen]);
    expect(second).toMatchObject({ level: "full", x: 300, y: 400 });
    expect(first?.level).toBe("name");
    expect(first?.x).toBeLessThan(300 - 70 - 30 - GAP + 1);
  });

  it("lets titles grow into the room there is, the shorter one first, and cuts the longer", () => {
    const widths = { full: 260, least: 120, name: 60, ring: 24 };
    const short = { full: 90, least: 120, name: 60, ring: 24 };
    const [a, b, c] = placesOf([plate(0, 200, 100, { widths }), plate(1, 370, 100, { widths: short }), plate(2, 800, 100, { widths })]);
    expect(b).toMatchObject({ width: 90 });
    expect(a?.width).toBeCloseTo(2 * (170 - GAP) - 120, 0);
    expect(c).toMatchObject({ width: 260 });
  });

  it("brings words back only with room to spare, while nothing but the camera moves", () => {
    const apart = (far: number) => [plate(0, 200, 100), plate(1, 200 + far, 100)];
    const [near, hardly, far] = [apart(115), apart(130), apart(160)].map((plates) => solved(plates, wide)) as [never, never, never];
    expect([near, hardly, far].map(({ step }) => step)).toEqual([1, 0, 0]);
    expect(solved(apart(130), wide, 1).step).toBe(1);
    expect(solved(apart(160), wide, 1).step).toBe(0);
    expect(solved(apart(130), wide, 0).step).toBe(0);
  });

  it("leaves rings on small screens, and the words of the selected one", () => {
    const small = { ...wide, ringsOnly: true };
    expect(levels([plate(0, 200, 100), plate(1, 260, 100, { keep: true })], small)).toEqual(["ring", "ring"]);
    expect(levels([plate(0, 200, 100), plate(1, 300, 100, { selected: true })], small)).toEqual(["ring", "full"]);
  });

  it("shows a ring for desks that stand back", () => {
    expect(levels([plate(0, 200, 100, { faded: true, keep: true }), plate(1, 500, 100)])).toEqual(["ring", "full"]);
  });

  it("moves a plate down from in front of the wall display", () => {
    const display: Quad = [
      { x: 100, y: 0 },
      { x: 300, y: 60 },
      { x: 300, y: 120 },
      { x: 100, y: 60 },
    ];
    const [placed] = placesOf([plate(0, 200, 92)], { ...wide, display });
    expect(placed?.y).toBeGreaterThan(92);
    expect(overlap(corners(placed as Placed), display)).toBe(false);
  });

  it("moves a plate aside from a face, and to its other place where that does not help", () => {
    const faces = [{ x: 150, y: 100, width: 40, height: 40 }];
    const [aside] = placesOf([plate(0, 200, 100)], { ...wide, faces });
    expect(aside?.x).toBeGreaterThan(200);
    const crowded = [...faces, { x: 250, y: 100, width: 40, height: 40 }];
    const [other] = placesOf([plate(0, 200, 100, { or: { x: 200, y: 180 } })], { ...wide, faces: crowded });
    expect(other).toMatchObject({ level: "full", y: 180 });
  });

  it("pulls a plate in from the edge, and hides one whose desk is out of the picture", () => {
    expect(placesOf([plate(0, 1395, -10)])).toMatchObject([{ x: 1330, y: 12, level: "full" }]);
    expect(levels([plate(0, 1500, 100), plate(1, 300, 2000), plate(2, 300, 100)])).toEqual(["hidden", "hidden", "full"]);
  });
});
