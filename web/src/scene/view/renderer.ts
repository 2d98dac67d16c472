/** The one WebGL renderer of a page, and what it counts. */
import { type Camera, NeutralToneMapping, PCFShadowMap, type Scene, WebGLRenderer } from "three";

const PIXEL_RATIO_MAX = 1.5;

/** Throws where the browser gives no WebGL context. */
export function makeRenderer(canvas: HTMLCanvasElement): WebGLRenderer {
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: "high-performance" });
  renderer.setPixelRatio(Math.min(PIXEL_RATIO_MAX, window.devicePixelRatio || 1));
  renderer.toneMapping = NeutralToneMapping;
  renderer.toneMappingExposure = 1.08;
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = PCFShadowMap;
  // Counts are taken for a whole render, the shadow pass included.
  renderer.info.autoReset = false;
  return renderer;
}

/**
 * One render. The first one of a context has no shadows yet and is done again at once: their pass would be compiled for a scene
 * whose lights are not set up, and once more with them, and both programs would stay.
 */
export function rendered(renderer: WebGLRenderer, scene: Scene, camera: Camera): void {
  const { info, shadowMap } = renderer;
  if (!shadowMap.autoUpdate) renderer.render(scene, camera);
  shadowMap.autoUpdate = true;
  info.reset();
  renderer.render(scene, camera);
}

/** To be called when a lost context is back. */
export function begun(renderer: WebGLRenderer): void {
  renderer.shadowMap.autoUpdate = false;
}

export interface Counts {
  /** Since the renderer was made. */
  readonly renders: number;
  readonly calls: number;
  readonly triangles: number;
  readonly programs: number;
  readonly geometries: number;
  readonly textures: number;
}

/** What the last render took, and what lives on the graphics card. */
export function counted(renderer: WebGLRenderer): Counts {
  const { render, memory, programs } = renderer.info;
  return {
    renders: render.frame,
    calls: render.calls,
    triangles: render.triangles,
    programs: programs?.length ?? 0,
    geometries: memory.geometries,
    textures: memory.textures,
  };
}
