/**
 * How surfaces take light: Lambert, with the baked occlusion tinted warm, a rim, and lamplight from the bake.
 * Day and night share every program: only uniforms differ.
 */
import {
  Color,
  CustomBlending,
  MeshLambertMaterial,
  OneFactor,
  SrcAlphaFactor,
  type Vector3,
  type WebGLProgramParametersWithUniforms,
  ZeroFactor,
} from "three";
import { DIM_AT, DIM_COLOUR, dims } from "./dimmed.ts";

/** Values every surface shares; set by the lights. */
export const shared = {
  tint: { value: new Color("#94604c") },
  rim: { value: new Color(0.42, 0.3, 0.22) },
  lamp: { value: new Color(0, 0, 0) },
};

/** Light laid over a picture: it adds colour and leaves the canvas's own transparency alone, so no halo darkens the sky. */
export const ADDED_LIGHT = {
  transparent: true,
  depthWrite: false,
  toneMapped: false,
  blending: CustomBlending,
  blendSrc: SrcAlphaFactor,
  blendDst: OneFactor,
  blendSrcAlpha: ZeroFactor,
  blendDstAlpha: OneFactor,
} as const;

/** What one worker's surface knows beside that. */
export interface Lit {
  /** Light of the monitor: its colour, and where it stands. */
  readonly glow: { value: Color };
  readonly glowFrom: { value: Vector3 };
  /** Lamplight where the worker stands, as a share. */
  readonly lampHere: { value: number };
}

const BAKED_VERTEX = "attribute float shade;\nvarying float vShade;\n";
const OCCLUDE = /* glsl */ `
  float open = min(1.0, pow(vShade, 0.85) * 1.22 + 0.04);
  diffuseColor.rgb *= mix(tint, vec3(1.0), open);`;
const RIM = /* glsl */ `
  float edge = pow(1.0 - saturate(dot(normalize(vViewPosition), normal)), 3.0);
  outgoingLight += diffuseColor.rgb * rim * edge;`;

type Program = WebGLProgramParametersWithUniforms;

const before = (source: string, mark: string, code: string): string => source.replace(`#include <${mark}>`, `${code}\n#include <${mark}>`);
const behind = (source: string, mark: string, code: string): string => source.replace(`#include <${mark}>`, `#include <${mark}>\n${code}`);

function occluded(program: Program): void {
  program.vertexShader = behind(before(program.vertexShader, "common", BAKED_VERTEX), "begin_vertex", "vShade = shade;");
  program.fragmentShader = before(program.fragmentShader, "common", "uniform vec3 tint, rim, lamp;\nvarying float vShade;\n");
  program.fragmentShader = before(behind(program.fragmentShader, "color_fragment", OCCLUDE), "opaque_fragment", RIM);
}

/** The office: occlusion and lamplight per vertex. */
export function bakedMaterial(): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true });
  material.onBeforeCompile = (program) => {
    occluded(program);
    Object.assign(program.uniforms, shared, { dims: dims.desks });
    program.vertexShader = before(program.vertexShader, "common", `attribute float lamplight;\nvarying float vLamp, vDim;\n${DIM_AT}`);
    program.vertexShader = behind(program.vertexShader, "begin_vertex", "vLamp = lamplight * lamplight;\nvDim = dimAt(position);");
    program.fragmentShader = before(program.fragmentShader, "common", `varying float vLamp, vDim;\n${DIM_COLOUR}`);
    program.fragmentShader = before(
      program.fragmentShader,
      "opaque_fragment",
      "outgoingLight = dimmed(outgoingLight + diffuseColor.rgb * lamp * vLamp, vDim);",
    );
  };
  return material;
}

const PERSON_LIGHT = /* glsl */ `
  vec3 facing = inverseTransformDirection(normal, viewMatrix);
  outgoingLight += diffuseColor.rgb * lamp * lampHere * (0.45 + 0.55 * facing.y);
  vec3 toScreen = glowFrom - vWorld;
  float near = 1.0 / (1.0 + dot(toScreen, toScreen) * 1.4);
  outgoingLight += diffuseColor.rgb * glow * near * max(0.0, dot(facing, normalize(toScreen)) + 0.15);
  outgoingLight = dimmed(outgoingLight, dim);`;

/** One person: occlusion per vertex, lamplight of the place, and the glow of the monitor in front. */
export function personMaterial(lit: Lit, person: number): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true });
  material.onBeforeCompile = (program) => {
    occluded(program);
    Object.assign(program.uniforms, shared, lit, { dim: dims.people[person] });
    program.vertexShader = before(program.vertexShader, "common", "varying vec3 vWorld;\n");
    program.vertexShader = behind(program.vertexShader, "skinning_vertex", "vWorld = (modelMatrix * vec4(transformed, 1.0)).xyz;");
    program.fragmentShader = before(
      program.fragmentShader,
      "common",
      `uniform vec3 glow, glowFrom;\nuniform float lampHere, dim;\nvarying vec3 vWorld;\n${DIM_COLOUR}`,
    );
    program.fragmentShader = before(program.fragmentShader, "opaque_fragment", PERSON_LIGHT);
  };
  return material;
}

const FLOOR_LIGHT = /* glsl */ `
  vec2 baked = texture2D(bakedMap, vMapUv).rg;
  float open = min(1.0, pow(baked.r, 0.85) * 1.15);
  diffuseColor.rgb *= mix(tint, vec3(1.0), open);
  float lampHere = baked.g * baked.g;`;

/** The floor: planks from a picture, occlusion and lamplight from the baked map. */
export function floorMaterial(planks: MeshLambertMaterial["map"], bakedMap: { value: unknown }): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ map: planks });
  material.onBeforeCompile = (program) => {
    Object.assign(program.uniforms, shared, { bakedMap });
    program.fragmentShader = before(program.fragmentShader, "common", "uniform vec3 tint, lamp;\nuniform sampler2D bakedMap;\n");
    program.fragmentShader = behind(program.fragmentShader, "color_fragment", FLOOR_LIGHT);
    program.fragmentShader = before(program.fragmentShader, "opaque_fragment", "outgoingLight += diffuseColor.rgb * lamp * lampHere;");
  };
  return material;
}
