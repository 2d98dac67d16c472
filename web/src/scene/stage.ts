/** The 3D office of a page: made once, told the state, drawn on demand. */
import { Scene } from "three";
import type { OfficeState } from "../state/office.ts";
import type { Stage, StageOptions } from "./contract.ts";
import { type Crowd, crowd } from "./people/crowd.ts";
import { floor } from "./room/floor.ts";
import { lights } from "./room/lights.ts";
import { loadModels } from "./room/models.ts";
import { monitors } from "./room/monitors.ts";
import { blockout, furnished, ground } from "./room/office.ts";
import { pools } from "./room/pools.ts";
import { type Shining, shining } from "./room/shining.ts";
import { sunlight } from "./room/sunlight.ts";
import { cameraRig } from "./view/camera.ts";
import { loop, type Pace } from "./view/loop.ts";
import { counted, makeRenderer } from "./view/renderer.ts";
import "./scene.css";

export function createStage(options: StageOptions): Stage {
  const renderer = makeRenderer(options.canvas);
  const scene = new Scene();
  const rig = cameraRig(() => performance.now());
  const parts = { lights: lights(), floor: floor(), ground: ground(), screens: monitors(), pools: pools(), sun: sunlight() };
  scene.add(parts.lights.group, parts.floor.mesh, parts.ground.mesh, parts.sun.mesh, parts.pools.mesh, parts.screens.mesh);
  const plain = blockout();
  scene.add(plain.group);
  let people: Crowd | undefined;
  let shines: Shining | undefined;
  let state: OfficeState | undefined;
  let dark = options.night;

  function hour(on: boolean): void {
    dark = on;
    parts.lights.night(on);
    parts.ground.night(on);
    parts.sun.night(on);
    parts.pools.night(on);
    shines?.night(on);
    if (state) show(state);
  }

  function show(next: OfficeState): void {
    state = next;
    parts.screens.show(next);
    for (let desk = 0; desk < 10; desk++) {
      const colour = parts.screens.colour(desk);
      parts.pools.screen(desk, colour);
      people?.glow(desk, colour);
    }
    const over = next.overflow.count > 0;
    shines?.upstairs(over);
    parts.pools.upstairs(over);
    parts.pools.commit();
    drawing.wake();
  }

  function draw(now: number): Pace {
    rig.advance(performance.now());
    const busy = state && people ? people.update(state, now, options.reducedMotion) : false;
    renderer.info.reset();
    renderer.render(scene, rig.camera);
    if (busy || rig.moving()) return "moving";
    return options.reducedMotion ? "still" : "idle";
  }

  const drawing = loop(() => draw(options.now()));
  const resize = (): void => {
    renderer.setSize(options.canvas.clientWidth, options.canvas.clientHeight, false);
    rig.resize(options.canvas.clientWidth, options.canvas.clientHeight);
    drawing.wake();
  };
  const watch = new ResizeObserver(resize);
  watch.observe(options.canvas);
  resize();
  hour(dark);
  loadModels().then((models) => {
    parts.floor.bake(models.floor);
    people = crowd(models);
    shines = shining(models);
    scene.add(furnished(models), people.group, shines.group);
    scene.remove(plain.group);
    plain.dispose();
    hour(dark);
    drawing.wake();
    options.onReady?.();
  });

  return {
    show,
    fit(free, animate) {
      rig.fit(free, animate && !options.reducedMotion);
      drawing.wake();
    },
    select() {},
    night: hour,
    stale(on) {
      options.canvas.classList.toggle("stale", on);
    },
    renderAt: (now) => void draw(now),
    counts: () => counted(renderer),
    drawn: () => [],
    dispose() {
      drawing.stop();
      watch.disconnect();
      renderer.dispose();
    },
  };
}
