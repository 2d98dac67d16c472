// three comes with the shaders of all its materials as texts, which no tool can leave out or shorten: an eighth of the
// first load is said about materials that this house does not use. Here they are left out and the others lose their
// comments and indents. Held to three's version by tests/lean.test.ts and, drawn, by the tests of the room.
import type { Plugin } from "vite";

/** Parts of shaders that only physical, phong and toon materials have: ours are basic and Lambert. */
export const UNUSED = [
  "lights_physical_pars_fragment",
  "lights_physical_fragment",
  "lights_phong_pars_fragment",
  "lights_phong_fragment",
  "lights_toon_pars_fragment",
  "lights_toon_fragment",
  "transmission_pars_fragment",
  "transmission_fragment",
  "iridescence_fragment",
  "clearcoat_pars_fragment",
  "iridescence_pars_fragment",
] as const;

/** Materials that ours are not; three names the texts of one `mesh…_vert` and `mesh…_frag` in its list of all. */
export const MATERIALS = [
  "meshphysical",
  "meshphong",
  "meshtoon",
  "meshmatcap",
  "meshnormal",
  "points",
  "sprite",
  "linedashed",
  "equirect",
  "backgroundCube",
  "cube",
] as const;

const TEXT = /^((?:var|const) ([\w$]+) = )"((?:[^"\\]|\\.)*)";/gm;

/** The variables of three's module that hold what is not used. */
export function unusedIn(code: string): ReadonlySet<string> {
  const listed = MATERIALS.flatMap((material) => [`${material}_vert`, `${material}_frag`]);
  const variables = listed.map((name) => new RegExp(`\\b${name}: ([\\w$]+)`).exec(code)?.[1] ?? name);
  return new Set([...UNUSED, ...variables]);
}

/** What a shader says without its comments and indents; lines stay, as directives need them. */
export function shorter(shader: string): string {
  return shader
    .replace(/\\t/g, " ")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\\n")
    .map((line) => line.replace(/\/\/.*/, "").trim())
    .filter(Boolean)
    .join("\\n");
}

/** three's own module, leaner. */
export function leaned(code: string): string {
  const unused = unusedIn(code);
  return code.replace(TEXT, (_, head: string, name: string, shader: string) =>
    unused.has(name) ? `${head}"";` : `${head}"${shorter(shader)}";`,
  );
}

export function lean(): Plugin {
  return {
    name: "lean-three",
    apply: "build",
    transform(code, id) {
      return id.endsWith("/three/build/three.module.js") ? { code: leaned(code), map: null } : undefined;
    },
  };
}
