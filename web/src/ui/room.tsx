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

/** Asked on a canvas of its own, before three is even loaded: a device without WebGL gets the list and nothing else. */
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

async function build(app: () => App, options: Omit<StageOptions, "now" | "hour" | "onPick" | "onLeave" | "onLost">): Promise<Stage> {
  if (!hasGraphics()) throw new Error("expected WebGL 2, got no context");
  const { createStage } = await import("../scene/stage.ts");
  return createStage({
    ...options,
    now: () => app().now(),
    hour: app().view.hour.peek(),
    onPick: (target) => pick(app(), target),
    onLeave: () => {
      app().view.following.value = false;
    },
    onLost: () => {
      app().view.noRoom.value = true;
    },
  });
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
    build(() => latest.current, { canvas: canvas.current, plates: plates.current, reducedMotion }).then(
      (made) => {
        if (gone) made.dispose();
        else stage.value = made;
      },
      () => {
        latest.current.view.noRoom.value = true;
      },
    );
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
