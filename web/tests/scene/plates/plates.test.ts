// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { View } from "../../../src/scene/plates/places.ts";
import { type Plates, plates } from "../../../src/scene/plates/plates.ts";
import { cameraRig } from "../../../src/scene/view/camera.ts";
import { projection } from "../../../src/scene/view/project.ts";
import type { OfficeState } from "../../../src/state/office.ts";
import { office, withDesk } from "../../office.ts";

const NOW = 1_795_450_000_000;
const FREE = { x: 0, y: 0, width: 1440, height: 900 };
let parent: HTMLElement;
let made: Plates;
let revision = 0;

function view(width = 1440, height = 900): View {
  const rig = cameraRig(() => 0);
  rig.resize(width, height);
  rig.fit({ ...FREE, width, height }, false);
  return { at: projection(rig.camera, width, height), width, height, free: { ...FREE, width, height }, revision: ++revision };
}

const shown = () => [...parent.querySelectorAll<HTMLElement>(".plate")].filter((plate) => !plate.hidden);
const update = (state: OfficeState, selected?: number, seen = view(), only?: string) => made.update(state, NOW, { selected, only }, seen);

beforeEach(() => {
  parent = document.createElement("div");
  document.body.replaceChildren(parent);
  made = plates(parent);
});

describe("plates", () => {
  it("shows one for each desk, with glyph, name and what it says", () => {
    update(withDesk(office(), 2, { activity: "working", title: "Acme Optics", progress: [NOW, 400, 9000, 1] }));
    expect(shown()).toHaveLength(10);
    expect(made.words(2)).toBe("Chiyo Acme Optics");
    const ring = shown()[2]?.querySelector<HTMLElement>(".ring");
    expect(ring?.classList).toContain("reported");
    expect(ring?.style.getPropertyValue("--p")).toBe("40");
    expect(ring?.querySelector("svg")).not.toBeNull();
    expect(made.words(0)).toBe("Ada");
    expect(shown()[0]?.querySelector(".ring")?.classList).toContain("bare");
  });

  it("makes its elements once and changes them in place", () => {
    update(office());
    const before = [...parent.children];
    update(withDesk(office(), 7, { activity: "failed", reason: "unreachable" }));
    expect([...parent.children]).toEqual(before);
    expect(made.words(7)).toBe("Hana site not reachable");
    expect((before[7] as HTMLElement).dataset["tone"]).toBe("failed");
  });

  it("shows how many are upstairs only when somebody is", () => {
    update(office());
    expect(shown().some((plate) => plate.classList.contains("up"))).toBe(false);
    update(office({ overflow: { count: 1027, shown: {} } }));
    expect(shown().at(-1)?.textContent).toBe("1,027upstairs");
    update(office());
    expect(shown()).toHaveLength(10);
  });

  it("never writes what a user named as markup", () => {
    update(withDesk(office(), 0, { activity: "working", worker: "<b>Ada</b>", title: "<img src=x onerror=alert(1)>" }));
    expect(parent.querySelector("img")).toBeNull();
    expect(made.words(0)).toBe("<b>Ada</b> <img src=x onerror=alert(1)>");
  });

  it("marks the selected desk and finds plates under the pointer", () => {
    update(office(), 4);
    expect(shown().filter((plate) => plate.classList.contains("selected"))).toHaveLength(1);
    const [, x = 0, y = 0] = /translate\((-?\d+)px, (-?\d+)px\)/.exec(shown()[4]?.style.transform ?? "")?.map(Number) ?? [];
    expect(made.hit(x + 5, y + 12)).toBe(4);
    expect(made.hit(-50, -50)).toBeUndefined();
  });

  it("leaves rings alone on small screens", () => {
    update(office(), undefined, view(390, 430));
    expect(shown().every((plate) => plate.classList.contains("ringed"))).toBe(true);
  });

  it("shows the title of the selected desk on small screens", () => {
    update(withDesk(office(), 7, { activity: "working", title: "Acme Optics" }), 7, view(390, 430));
    expect(shown().filter((plate) => plate.classList.contains("full"))).toHaveLength(1);
    expect(shown()[7]?.classList).toContain("full");
  });

  it("lets desks of other batches stand back as faded rings", () => {
    let state = withDesk(office(), 2, { activity: "working", title: "Acme Optics", batch: "a" });
    state = withDesk(state, 6, { activity: "failed", reason: "timeout", batch: "b" });
    update(state, undefined, view(), "a");
    const faded = shown().filter((plate) => plate.classList.contains("faded"));
    expect(faded).toHaveLength(9);
    expect(faded.every((plate) => plate.classList.contains("ringed"))).toBe(true);
    expect(shown()[2]?.classList).toContain("full");
    update(state);
    expect(shown().some((plate) => plate.classList.contains("faded"))).toBe(false);
    expect(shown()[6]?.classList).toContain("full");
  });

  it("points from a selected plate to its desk: down from above a head, up from beneath a desk", () => {
    update(office(), 0);
    expect(shown()[0]?.classList).toContain("above");
    expect(shown()[0]?.style.getPropertyValue("--tip")).toMatch(/^\d+px$/);
    update(office(), 8);
    expect(shown()[8]?.classList).not.toContain("above");
  });

  it("lets titles of every script stand in their own direction", () => {
    update(withDesk(office(), 7, { activity: "working", title: "مراجعة العقود 📄 第三四半期の報告書" }));
    expect(shown()[7]?.querySelector("span")?.dir).toBe("auto");
    expect(made.words(7)).toBe("Hana مراجعة العقود 📄 第三四半期の報告書");
  });

  it("moves a plate only with the camera, the state or the selection", () => {
    const seen = view();
    update(office(), undefined, seen);
    const before = shown().map(({ style }) => style.transform);
    made.update(office(), NOW + 60_000, { selected: undefined, only: undefined }, seen);
    expect(shown().map(({ style }) => style.transform)).toEqual(before);
    update(withDesk(office(), 1, { activity: "done" }), undefined, seen);
    expect(shown()[1]?.style.transform).not.toBe(before[1]);
  });
});
