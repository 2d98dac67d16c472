/** Where the 3D office is drawn: one canvas and the plates over it, made once; state, selection and light are told to it as they change. */
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Stage, StageOptions, Target } from "../scene/contract.ts";
import { type App, useApp } from "./app.ts";
import { STALE_MS } from "./fresh.ts";
import { onlyOf } from "./gaze.ts";

function pick({ view }: App, target: Target): void {
  if ("desk" in target) view.open({ kind: "desk", desk: target.desk });
  else view.open({ kind: "stairs" in target ? "upstairs" : "batches" });
}

/** In GB, as browsers tell it; the room in 3D wants some 100 MB, and a browser has other things to do. */
const MEMORY_LEAST = 1;

function hasMemory(): boolean {
  const told = (navigator as { readonly deviceMemory?: number }).deviceMemory;
  return told === undefined || told >= MEMORY_LEAST;
}

/** Asked on a canvas of its own, before three is even loaded: a device without WebGL gets the flat drawing and nothing else. */
function hasGraphics(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/**
 * Tells the stage whatever changes; returns what ends that.
 * @param fitted the stage shows something already: from there the camera goes where it has to
 */
function follow(app: App, stage: Stage, fitted: boolean): () => void {
  const { store, view } = app;
  let settled = fitted;
  const ends = [
    effect(() => {
      const course = store.course.value;
      if (course.length > 0) stage.show(course);
    }),
    effect(() => {
      stage.fit(view.arrangement.value.free, settled);
      settled = true;
    }),
    effect(() => stage.select(view.panel.value.kind === "desk" ? view.panel.value.desk : undefined)),
    effect(() => stage.follow(view.following.value && view.panel.value.kind === "desk" ? view.panel.value.desk : undefined)),
    effect(() => stage.overview(onlyOf(app))),
    effect(() => stage.light(view.hour.value)),
    effect(() => stage.stale(view.beat.value >= 0 && (store.age() ?? 0) >= STALE_MS)),
  ];
  return () => {
    for (const end of ends) end();
  };
}

type Places = Pick<StageOptions, "canvas" | "plates" | "reducedMotion">;

function optionsOf(app: () => App, places: Places, lost: () => void): StageOptions {
  return {
    ...places,
    now: () => app().now(),
    hour: app().view.hour.peek(),
    onPick: (target) => pick(app(), target),
    onLeave: () => {
      app().view.following.value = false;
    },
    onLost: lost,
  };
}

/**
 * The office in 3D; flat where a device has no graphics, little memory, or loses its graphics for good. Flat it is a drawing of
 * its own, which is fetched only then; where even that does not come, the list stands in its place.
 */
async function build(app: () => App, places: Places, flatten: () => void): Promise<Stage> {
  const options = optionsOf(app, places, flatten);
  if (!app().view.flat.peek() && hasMemory() && hasGraphics()) return (await import("../scene/stage.ts")).createStage(options);
  app().view.flat.value = true;
  return (await import("../scene/flat/flat.ts")).flatStage(options);
}

export function RoomView() {
  const app = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const plates = useRef<HTMLDivElement>(null);
  /** Whoever looks back is on another page in the same room. */
  const latest = useRef(app);
  latest.current = app;
  const { stage } = app;
  useEffect(() => {
    if (canvas.current === null || plates.current === null) return undefined;
    let gone = false;
    const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const places = { canvas: canvas.current, plates: plates.current, reducedMotion };
    function make(): void {
      build(() => latest.current, places, flatten).then(
        (made) => {
          if (gone) made.dispose();
          else stage.value = made;
        },
        () => {
          latest.current.view.noRoom.value = true;
        },
      );
    }
    function flatten(): void {
      if (gone || latest.current.view.flat.peek()) return;
      stage.peek()?.dispose();
      stage.value = undefined;
      latest.current.view.flat.value = true;
      make();
    }
    make();
    return () => {
      gone = true;
      stage.peek()?.dispose();
      stage.value = undefined;
    };
  }, [stage]);
  const fitted = useRef(false);
  useEffect(
    () =>
      effect(() => {
        if (stage.value === undefined) return undefined;
        const end = follow(app, stage.value, fitted.current);
        fitted.current = true;
        return end;
      }),
    [app, stage],
  );
  const hidden = app.view.list.value || app.view.noRoom.value;
  return (
    <div class={hidden ? "room away" : "room"} aria-hidden="true">
      <canvas ref={canvas} />
      <div class="plates" ref={plates} />
    </div>
  );
}
