/** The 3D office of a page: made once, told the state, drawn on demand. */
import { Raycaster, Scene, Vector2 } from "three";
import type { Course } from "../state/course.ts";
import type { OfficeState } from "../state/office.ts";
import { absent } from "./absent.ts";
import type { Rect, Stage, StageOptions, Target } from "./contract.ts";
import { plates } from "./plates/plates.ts";
import { loadModels } from "./room/models.ts";
import { room } from "./room/room.ts";
import { cameraRig } from "./view/camera.ts";
import { survive } from "./view/context.ts";
import { loop, type Pace } from "./view/loop.ts";
import { picked } from "./view/pick.ts";
import { pointer } from "./view/pointer.ts";
import { counted, makeRenderer } from "./view/renderer.ts";
import { leanAt } from "./view/sway.ts";
import "./scene.css";

const SECOND_MS = 1000;
const STAIRS_PLATE = 10;

/** Calls `onLost` and returns a stage that draws nothing where there is no WebGL. */
export function createStage(options: StageOptions): Stage {
  const renderer = rendererOn(options.canvas);
  if (renderer) return stageOn(options, renderer);
  queueMicrotask(() => options.onLost?.());
  return absent();
}

function rendererOn(canvas: HTMLCanvasElement): ReturnType<typeof makeRenderer> | undefined {
  try {
    return makeRenderer(canvas);
  } catch {
    return undefined;
  }
}

function stageOn(options: StageOptions, renderer: ReturnType<typeof makeRenderer>): Stage {
  const { canvas, reducedMotion: still } = options;
  const scene = new Scene();
  const rig = cameraRig(() => performance.now());
  const office = room(() => changed());
  const labels = plates(options.plates);
  scene.add(office.group);
  canvas.classList.add("stage");
  options.plates.classList.add("plates");
  let course: Course = [];
  let [free, selected]: [Rect, number | undefined] = [{ x: 0, y: 0, width: 1, height: 1 }, undefined];
  let [fresh, parked, second, revision] = [true, false, 0, -1];
  /** The moment of the last render, and whether anything but the time has changed since. */
  let swaying = false;
  let [drawnAt, stirred, pace]: [number, boolean, Pace] = [Number.NaN, true, "idle"];

  /** Words, rings and places of the plates: when the state, the second or the camera changed. They tell whole seconds, so that it does not matter when within one they are told. */
  function label(now: number): void {
    const thisSecond = Math.floor(now / SECOND_MS);
    const state = course.at(-1)?.state;
    if (!state || (!fresh && thisSecond === second && rig.revision() === revision)) return;
    [fresh, second, revision] = [false, thisSecond, rig.revision()];
    labels.update(state, thisSecond * SECOND_MS, selected, {
      camera: rig.camera,
      width: canvas.clientWidth,
      height: canvas.clientHeight,
      free,
      revision,
    });
  }

  /** The page may hide the room behind the list: then nothing is drawn either. */
  const away = (): boolean => !canvas.checkVisibility({ visibilityProperty: true });

  function drawSeen(): Pace {
    parked = away();
    if (parked) return "still";
    const now = options.now();
    // A replay that stands still costs nothing but this look.
    return now === drawnAt && !stirred && !rig.moving() ? slower(pace) : draw(now);
  }

  function draw(now: number): Pace {
    rig.advance(performance.now());
    if (swaying) rig.lean(leanAt(now));
    const busy = course.length > 0 ? office.animate(course, now, rig.camera, still) : false;
    renderer.info.reset();
    renderer.render(scene, rig.camera);
    label(now);
    [drawnAt, stirred] = [now, false];
    pace = still || office.people().length === 0 ? "still" : "idle";
    if (busy || rig.moving()) pace = "moving";
    return pace;
  }

  const drawing = loop(drawSeen);
  const ticking = window.setInterval(() => {
    if (document.hidden || away()) return;
    if (parked) drawing.wake();
    label(options.now());
  }, SECOND_MS);

  const changed = (): void => {
    fresh = stirred = true;
    drawing.wake();
  };

  function resize(): void {
    renderer.setSize(canvas.clientWidth, canvas.clientHeight, false);
    rig.resize(Math.max(1, canvas.clientWidth), Math.max(1, canvas.clientHeight));
    changed();
  }

  function target(x: number, y: number): Target | undefined {
    const plate = labels.hit(x, y);
    if (plate !== undefined) return plate === STAIRS_PLATE ? { stairs: true } : { desk: plate };
    caster.setFromCamera(spot.set((x / canvas.clientWidth) * 2 - 1, 1 - (y / canvas.clientHeight) * 2), rig.camera);
    const { origin, direction } = caster.ray;
    return picked({ origin: origin.toArray(), direction: direction.toArray() }, office.people());
  }

  const [caster, spot] = [new Raycaster(), new Vector2()];
  const watch = new ResizeObserver(resize);
  watch.observe(canvas);
  const forget = [
    pointer(canvas, {
      turn: (dx, dy) => moved(() => rig.orbit(dx, dy)),
      zoom: (factor, x, y) => moved(() => rig.zoom(factor, x, y)),
      home: () => moved(() => rig.home(!still)),
      hover: (x, y) => {
        canvas.style.cursor = target(x, y) ? "pointer" : "";
      },
      pick: (x, y) => {
        const found = target(x, y);
        if (found) options.onPick?.(found);
      },
    }),
    survive(canvas, changed, () => options.onLost?.()),
  ];

  function moved(move: () => void): void {
    move();
    stirred = true;
    drawing.wake();
  }

  function showLast(): void {
    const state = course.at(-1)?.state;
    if (state) office.show(state, options.now());
  }

  resize();
  office.night(options.night);
  let dark = options.night;
  loadModels().then(
    (models) => {
      office.furnish(models);
      office.night(dark);
      showLast();
      changed();
      options.onReady?.();
    },
    () => options.onLost?.(),
  );

  return {
    show(next) {
      course = next;
      showLast();
      changed();
    },
    fit(next, animate) {
      free = next;
      rig.fit(next, animate && !still);
      changed();
    },
    select(desk) {
      selected = desk;
      changed();
    },
    night(on) {
      dark = on;
      office.night(on);
      changed();
    },
    sway(on) {
      swaying = on && !still;
      if (!swaying) rig.lean(0);
      changed();
    },
    stale(on) {
      canvas.classList.toggle("stale", on);
    },
    renderAt(now) {
      fresh = true;
      draw(now);
    },
    counts: () => counted(renderer),
    drawn: () => drawnDesks(course.at(-1)?.state, labels.words),
    dispose() {
      drawing.stop();
      window.clearInterval(ticking);
      watch.disconnect();
      for (const end of forget) end();
      options.plates.replaceChildren();
      renderer.dispose();
    },
  };
}

/** Nothing has moved since the last render: looking again as often as for breath is enough. */
function slower(pace: Pace): Pace {
  return pace === "moving" ? "idle" : pace;
}

function drawnDesks(state: OfficeState | undefined, words: (desk: number) => string): ReturnType<Stage["drawn"]> {
  return Object.entries(state?.desks ?? {}).map(([key, { activity, execution }]) => {
    const desk = Number(key);
    return { desk, activity, ...(execution === undefined ? {} : { execution }), plate: words(desk) };
  });
}
