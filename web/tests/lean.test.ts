// What is left out of three's shaders is left out of the version that is installed, and what is left still is a shader.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leaned, MATERIALS, shorter, UNUSED, unusedIn } from "../lean.ts";

const three = readFileSync(new URL("../node_modules/three/build/three.module.js", import.meta.url), "utf8");
const lean = leaned(three);
const textOf = (code: string, name: string) => new RegExp(`(?:var|const) ${name} = "((?:[^"\\\\]|\\\\.)*)";`).exec(code)?.[1];

describe("three's shaders", () => {
  test.each(UNUSED)("%s is one of them, and goes", (name) => {
    expect(textOf(three, name)).toMatch(/\S/);
    expect(textOf(lean, name)).toBe("");
  });

  test("each of two texts of a material goes, and is found by three's list", () => {
    const gone = unusedIn(three);
    expect(gone.size).toBe(UNUSED.length + 2 * MATERIALS.length);
    for (const name of gone) {
      const variable = name.replaceAll("$", "\\$");
      expect(textOf(three, variable), name).toMatch(/\S/);
      expect(textOf(lean, variable), name).toBe("");
    }
  });

  test.each(["lights_lambert_pars_fragment", "shadowmap_pars_fragment", "tonemapping_pars_fragment"])("%s stays", (name) => {
    expect(textOf(lean, name)).toMatch(/;/);
  });

  test("those of our materials are asked for none that went", () => {
    const meshes = ["meshbasic", "meshlambert", "depth", "distance", "shadow"];
    const names = meshes.flatMap((mesh) => [`${mesh}_vert`, `${mesh}_frag`]);
    for (const name of names) {
      const variable = new RegExp(`\\b${name}: ([\\w$]+)`).exec(three)?.[1];
      const shader = textOf(three, variable?.replaceAll("$", "\\$") ?? name) ?? "";
      expect(shader, name).toMatch(/#include/);
      for (const gone of UNUSED) expect(shader, name).not.toContain(`<${gone}>`);
    }
  });

  test("lines stay, comments and indents go", () => {
    expect(shorter("#ifdef A\\n\\t\\tfloat a; // one\\n\\n#endif\\n/* two\\n three */int b;")).toBe(
      "#ifdef A\\nfloat a;\\n#endif\\nint b;",
    );
  });

  test("is the rest of the code as it was", () => {
    const without = (code: string) => code.replace(/"(?:[^"\\]|\\.)*"/g, '""');
    expect(without(lean)).toBe(without(three));
  });
});
