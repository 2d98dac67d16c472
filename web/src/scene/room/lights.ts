/** Sun or moon, sky, and a warm fill; the lamps' light comes from the bake. */
import { Color, DirectionalLight, Group, HemisphereLight } from "three";
import { LAMPLIGHT_MAX } from "../../../../assets/manifest.ts";
import type { Light } from "./hours.ts";
import { shared } from "./materials.ts";

const LAMP_COLOUR = new Color("#ffb765");
/** High on the left: never overhead. */
const SUN = { across: 11.3, up: 13, from: Math.atan2(8.5, -7.5) } as const;

export interface Lights {
  readonly group: Group;
  light(light: Light): void;
}

export function lights(): Lights {
  const group = new Group();
  const [key, sky, fill] = [sun(), new HemisphereLight(), new DirectionalLight()];
  fill.position.set(9, 5, 6);
  group.add(key, key.target, sky, fill);
  return {
    group,
    light(light) {
      const { strength } = light;
      key.color.copy(light.key);
      key.intensity = strength.key;
      key.position.set(Math.cos(SUN.from + light.turn) * SUN.across, SUN.up, Math.sin(SUN.from + light.turn) * SUN.across);
      sky.color.copy(light.above);
      sky.groundColor.copy(light.below);
      sky.intensity = strength.sky;
      fill.color.copy(light.fill);
      fill.intensity = strength.fill;
      shared.tint.value.copy(light.tint);
      shared.rim.value.copy(light.rim);
      shared.lamp.value.copy(LAMP_COLOUR).multiplyScalar(light.lamps * LAMPLIGHT_MAX);
    },
  };
}

/** The one soft shadow of the room. */
function sun(): DirectionalLight {
  const light = new DirectionalLight();
  light.castShadow = true;
  light.shadow.mapSize.set(2048, 2048);
  Object.assign(light.shadow.camera, { left: -10.5, right: 10.5, top: 9, bottom: -9, near: 3, far: 32 });
  light.shadow.bias = -0.0006;
  light.shadow.normalBias = 0.05;
  light.shadow.radius = 5;
  light.shadow.intensity = 0.72;
  return light;
}
