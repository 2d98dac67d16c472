// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { type Plates, plates, type View } from "../../../src/scene/plates/plates.ts";
import { cameraRig } from "../../../src/scene/view/camera.ts";
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
  return { camera: rig.camera, width, height, free: { ...FREE, width, height }, revision: ++revision };
}

const shown = () => [...parent.querySelectorAll<HTMLElement>(".plate")].filter((plate) => !plate.hidden);
const update = (state: OfficeState, selected?: number, seen = view()) => made.update(state, NOW, selected, seen);

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

  it("moves a plate only with the camera, the state or the selection", () => {
    const seen = view();
    update(office(), undefined, seen);
    const before = shown().map(({ style }) => style.transform);
    made.update(office(), NOW + 60_000, undefined, seen);
    expect(shown().map(({ style }) => style.transform)).toEqual(before);
    update(withDesk(office(), 1, { activity: "done" }), undefined, seen);
    expect(shown()[1]?.style.transform).not.toBe(before[1]);
  });
});
