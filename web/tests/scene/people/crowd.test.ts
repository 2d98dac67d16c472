import { Color, type Object3D, PerspectiveCamera, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { SKELETON } from "../../../../assets/people/skeleton.ts";
import { crowd } from "../../../src/scene/people/crowd.ts";
import { SEATS } from "../../../src/scene/people/graph.ts";
import type { Course } from "../../../src/state/course.ts";
import type { OfficeState } from "../../../src/state/office.ts";
import { office, withDesk } from "../../office.ts";
import { builtModels } from "../models.ts";

const NOW = 1_795_450_000_000;
const models = builtModels();
/** It has been so for long. */
const since = (state: OfficeState): Course => [{ at: NOW - 60_000, state }];

function made() {
  const people = crowd(models);
  const camera = new PerspectiveCamera();
  camera.position.set(20, 20, 30);
  const roots = people.group.children.filter(({ type }) => type === "Bone");
  const headOf = (desk: number) => {
    let head: Object3D | undefined;
    roots[desk]?.traverse((part) => {
      if (part.name === "head") head = part;
    });
    people.group.updateMatrixWorld(true);
    return head?.getWorldPosition(new Vector3()) ?? new Vector3();
  };
  /** `steady` is a clock that has nothing to do with the office's. */
  const update = (course: Course, now: number, still: boolean, steady = 0) => people.update(course, now, still, camera, () => steady);
  return { people, headOf, update };
}

describe("crowd", () => {
  it("is ten people of one mesh each, on one skeleton", () => {
    const { people } = made();
    const meshes = people.group.children.filter(({ type }) => type === "SkinnedMesh");
    expect(meshes).toHaveLength(10);
    const skeletons = new Set(meshes.map((mesh) => (mesh as unknown as { skeleton: object }).skeleton));
    expect(skeletons.size).toBe(1);
    expect(SKELETON.length * 10).toBeLessThan(256);
  });

  it("places everyone at once when the first state arrives: nobody blends from nowhere", () => {
    const { headOf, update } = made();
    const state = withDesk(office(), 0, { activity: "working", since: NOW - 9000 });
    expect(update(since(state), NOW, false)).toBe(false);
    const seat = SEATS.get("desk-0");
    expect(Math.abs(headOf(0).x - (seat?.x ?? 0))).toBeLessThan(0.2);
    expect(headOf(0).y).toBeGreaterThan(1.2);
  });

  it("blends a change over a quarter of a second, then rests", () => {
    const { headOf, update } = made();
    const works = withDesk(office(), 2, { activity: "working", since: NOW - 9000 });
    const cheers = withDesk(office(), 2, { activity: "done", since: NOW });
    update(since(works), NOW - 1, false);
    const seated = headOf(2);
    const course: Course = [...since(works), { at: NOW, state: cheers }];
    expect(update(course, NOW, false)).toBe(true);
    expect(headOf(2).distanceTo(seated)).toBeLessThan(0.05);
    update(course, NOW + 125, false);
    const between = headOf(2).x;
    expect(update(course, NOW + 250, false)).toBe(false);
    update(course, NOW + 700, false);
    expect(between).toBeGreaterThan(seated.x + 0.05);
    expect(headOf(2).x).toBeGreaterThan(between);
  });

  it("asks for the display's rate only while somebody walks", () => {
    const { people, update } = made();
    const walks = withDesk(office(), 4, { path: ["desk-4", "coffee-2", NOW, NOW + 9000] });
    update(since(walks), NOW - 5000, false);
    update(since(walks), NOW + 10, false);
    expect(update(since(walks), NOW + 4000, false)).toBe(true);
    expect(people.roles[4]?.walking).toBe(true);
    update(since(walks), NOW + 9001, false);
    expect(update(since(walks), NOW + 9500, false)).toBe(false);
  });

  it("stands still with reduced motion: the same pose at any moment, and nobody walks", () => {
    const { people, headOf, update } = made();
    const walks = withDesk(office(), 4, { path: ["desk-4", "coffee-2", NOW, NOW + 9000] });
    expect(update(since(walks), NOW + 10, true)).toBe(false);
    const first = headOf(0);
    expect(people.roles[4]?.walking).toBe(false);
    update(since(walks), NOW + 1234, true);
    expect(headOf(0)).toEqual(first);
  });

  it.each([0, 100, 249, 700])("draws a moment %i ms after a change the same whatever was drawn before", (after) => {
    const works = withDesk(office(), 1, { activity: "working", since: NOW - 60_000 });
    const walks = withDesk(works, 4, { path: ["desk-4", "coffee-2", NOW, NOW + 9000] });
    const course: Course = [...since(works), { at: NOW, state: withDesk(walks, 1, { activity: "failed", since: NOW }) }];
    const [one, other] = [made(), made()];
    one.update(course, NOW + after, false);
    other.update(since(works), NOW - 700, false);
    for (const before of [5000, 20, 130, 60]) other.update(course, NOW + before, false);
    other.update(course, NOW + after, false);
    for (let desk = 0; desk < 10; desk++) expect(one.headOf(desk).toArray()).toEqual(other.headOf(desk).toArray());
  });

  it("looks up at whoever clicks, for two seconds, and keeps the display's rate while it does", () => {
    const { people, update } = made();
    const works = withDesk(office(), 3, { activity: "working", since: NOW - 60_000 });
    const faces = (steady: number) => {
      update(since(works), NOW, false, steady);
      const roots = people.group.children.filter(({ type }) => type === "Bone");
      let head: Object3D | undefined;
      roots[3]?.traverse((part) => {
        if (part.name === "head") head = part;
      });
      people.group.updateMatrixWorld(true);
      return (head?.getWorldDirection(new Vector3()) ?? new Vector3()).angleTo(new Vector3(20, 20, 30));
    };
    const before = faces(0);
    people.look(3, 1000);
    expect(faces(1000)).toBeCloseTo(before);
    expect(faces(1500)).toBeLessThan(before - 0.3);
    expect(people.looking(2000)).toBe(true);
    expect(faces(3600)).toBeCloseTo(before);
    expect(people.looking(3600)).toBe(false);
  });

  it("lets sleepers sleep", () => {
    const { headOf, people, update } = made();
    const asleep = withDesk(office(), 3, { activity: "off", since: NOW - 60_000 });
    update(since(asleep), NOW, false);
    const before = headOf(3).toArray();
    people.look(3, 0);
    update(since(asleep), NOW, false, 500);
    expect(headOf(3).toArray()).toEqual(before);
  });

  it("takes a monitor's colour more by night than by day", () => {
    const { people } = made();
    expect(() => {
      people.shine(0.85);
      people.glow(3, new Color("#4cc9b8"));
    }).not.toThrow();
  });
});
