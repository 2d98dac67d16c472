/** Parts that shine by themselves: window panes, lampshades, the light from upstairs, the neon sign. */
import { Color, Group, Mesh, MeshBasicMaterial } from "three";
import type { Light } from "./hours.ts";
import type { Models } from "./models.ts";

export interface Shining {
  readonly group: Group;
  light(light: Light): void;
  upstairs(lit: boolean): void;
}

const NEON = { lit: "#ff8a72", off: "#5d5562" } as const;
const SHADES = { day: new Color("#f5e6d4"), night: new Color("#ffffff") } as const;
const STAIRWELL = { lit: "#fff1cf", off: "#a58d72" } as const;

export function shining(models: Models): Shining {
  const group = new Group();
  const part = (name: string): MeshBasicMaterial => {
    const material = new MeshBasicMaterial({ vertexColors: true, toneMapped: false });
    group.add(new Mesh(models.part(name).small, material));
    return material;
  };
  const [panes, shades, upstairs, neon] = [part("panes"), part("shades"), part("upstairs"), part("neon")];
  return {
    group,
    light(light) {
      panes.color.copy(light.panes);
      shades.color.copy(SHADES.day).lerp(SHADES.night, light.lamps);
    },
    upstairs(lit) {
      neon.color.set(lit ? NEON.lit : NEON.off);
      upstairs.color.set(lit ? STAIRWELL.lit : STAIRWELL.off);
    },
  };
}
