/** The 3D office of a page: made once, told the state, drawn on demand. */
import { Raycaster, Scene, Vector2 } from "three";
import type { Course } from "../state/course.ts";
import { absent } from "./absent.ts";
import type { Cost, Rect, Stage, StageOptions, Target } from "./contract.ts";
import { drawnDesks } from "./drawn.ts";
import { UPSTAIRS } from "./plates/places.ts";
import { plates } from "./plates/plates.ts";
import { dim } from "./room/dimmed.ts";
import { loadModels } from "./room/models.ts";
import { room } from "./room/room.ts";
import { cameraRig } from "./view/camera.ts";
import { survive } from "./view/context.ts";
import { hands } from "./view/hands.ts";
import { loop, type Pace } from "./view/loop.ts";
import { picked } from "./view/pick.ts";
import { pointer } from "./view/pointer.ts";
import { projection } from "./view/project.ts";
import { begun, counted, makeRenderer, rendered } from "./view/renderer.ts";
import { leanAt } from "./view/sway.ts";
import "./scene.css";

const SECOND_MS = 1000;

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
  const office = room(
    () => changed(),
    () => performance.now(),
  );
  const labels = plates(options.plates);
  scene.add(office.group);
  canvas.classList.add("stage");
  options.plates.classList.add("plates");
  let course: Course = [];
  let free: Rect = { x: 0, y: 0, width: 1, height: 1 };
  let [selected, followed, only]: [number | undefined, number | undefined, string | undefined] = [undefined, undefined, undefined];
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
    const { clientWidth: width, clientHeight: height } = canvas;
    const at = projection(rig.camera, width, height);
    labels.update(state, thisSecond * SECOND_MS, { selected, only }, { at, width, height, free, revision });
  }

  /** The page may hide the room behind the list: then nothing is drawn either. */
  const away = (): boolean => !canvas.checkVisibility({ visibilityProperty: true });

  function drawSeen(): Pace {
    parked = away();
    if (parked) return "still";
    const now = options.now();
    // A replay that stands still costs nothing but this look.
    if (now === drawnAt && !stirred && !rig.moving() && !office.looking()) return slower(pace);
    draw(now);
    return pace;
  }

  /** Everybody and the camera to where they are at a moment; says whether it needs the display's rate. */
  function update(now: number): boolean {
    const busy = course.length > 0 ? office.animate(course, now, rig.camera, still) : false;
    if (followed !== undefined) {
      const role = office.people()[followed];
      if (role) rig.track(role.x, role.z);
    }
    if (followed !== undefined || rig.moving()) rig.advance(performance.now());
    if (swaying) rig.lean(leanAt(now));
    return busy || rig.moving();
  }

  function draw(now: number): Cost {
    const began = performance.now();
    const moving = update(now);
    const moved = performance.now();
    rendered(renderer, scene, rig.camera);
    const submitted = performance.now();
    label(now);
    [drawnAt, stirred] = [now, false];
    pace = moving ? "moving" : still || office.people().length === 0 ? "still" : "idle";
    return { update: moved - began, submit: submitted - moved };
  }

  /** Nobody is anywhere before the models are there. */
  function chase(): void {
    const role = followed === undefined ? undefined : office.people()[followed];
    if (role) rig.follow(role, !still);
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
  const moved = (): void => {
    stirred = true;
    drawing.wake();
  };
  const inHand = hands({
    rig,
    still,
    free: () => free,
    moved,
    left() {
      if (followed !== undefined) options.onLeave?.();
      followed = undefined;
    },
  });

  function resize(): void {
    renderer.setSize(canvas.clientWidth, canvas.clientHeight, false);
    rig.resize(Math.max(1, canvas.clientWidth), Math.max(1, canvas.clientHeight));
    changed();
  }

  function target(x: number, y: number): Target | undefined {
    const plate = labels.hit(x, y);
    if (plate !== undefined) return plate === UPSTAIRS ? { stairs: true } : { desk: plate };
    caster.setFromCamera(spot.set((x / canvas.clientWidth) * 2 - 1, 1 - (y / canvas.clientHeight) * 2), rig.camera);
    const { origin, direction } = caster.ray;
    return picked({ origin: origin.toArray(), direction: direction.toArray() }, office.people());
  }

  const [caster, spot] = [new Raycaster(), new Vector2()];
  const watch = new ResizeObserver(resize);
  watch.observe(canvas);
  const forget = [
    pointer(canvas, {
      ...inHand.gestures,
      hover: (x, y) => {
        canvas.style.cursor = target(x, y) ? "pointer" : "";
      },
      pick: (x, y) => {
        const found = target(x, y);
        if (found) options.onPick?.(found);
      },
    }),
    survive(
      canvas,
      () => {
        begun(renderer);
        changed();
      },
      () => options.onLost?.(),
    ),
  ];

  function showLast(): void {
    const state = course.at(-1)?.state;
    if (!state) return;
    dim(state, only);
    office.show(state, options.now());
  }

  resize();
  office.light(options.hour);
  let hour = options.hour;
  loadModels().then(
    (models) => {
      office.furnish(models);
      office.light(hour);
      showLast();
      update(options.now());
      chase();
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
      if (desk !== selected) office.look(desk);
      selected = desk;
      changed();
    },
    follow(desk) {
      if (desk === followed) return;
      followed = desk;
      if (desk === undefined) rig.home(!still);
      else chase();
      moved();
    },
    overview(batch) {
      only = batch;
      showLast();
      changed();
    },
    nudge: inHand.nudge,
    light(next) {
      if (next === hour) return;
      hour = next;
      office.light(next);
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
      return draw(now);
    },
    updateAt: update,
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
