/** Sun or moon, sky, and a warm fill; by night the lamps' light comes from the bake. */
import { Color, DirectionalLight, Group, HemisphereLight } from "three";
import { LAMPLIGHT_MAX } from "../../../../assets/manifest.ts";
import { shared } from "./materials.ts";

interface Hour {
  readonly key: readonly [colour: string, strength: number];
  readonly sky: readonly [above: string, below: string, strength: number];
  readonly fill: readonly [colour: string, strength: number];
  readonly tint: string;
  readonly rim: readonly [number, number, number];
  readonly lamp: number;
}

const DAY: Hour = {
  key: ["#fff0da", 2.05],
  sky: ["#f6f6ff", "#ecc9ae", 2.2],
  fill: ["#ffc9a8", 0.9],
  tint: "#94604c",
  rim: [0.42, 0.3, 0.22],
  lamp: 0,
};
const NIGHT: Hour = {
  key: ["#8fa2ff", 0.75],
  sky: ["#5a64b8", "#402a3e", 1.0],
  fill: ["#ff9a56", 0.5],
  tint: "#1d1638",
  rim: [0.16, 0.18, 0.42],
  lamp: 1,
};
const LAMP_COLOUR = "#ffb765";

export interface Lights {
  readonly group: Group;
  night(on: boolean): void;
}

export function lights(): Lights {
  const group = new Group();
  const [key, sky, fill] = [sun(), new HemisphereLight(), new DirectionalLight()];
  fill.position.set(9, 5, 6);
  group.add(key, key.target, sky, fill);
  return {
    group,
    night(on) {
      const hour = on ? NIGHT : DAY;
      key.color.set(hour.key[0]);
      key.intensity = hour.key[1];
      sky.color.set(hour.sky[0]);
      sky.groundColor.set(hour.sky[1]);
      sky.intensity = hour.sky[2];
      fill.color.set(hour.fill[0]);
      fill.intensity = hour.fill[1];
      shared.tint.value.set(hour.tint);
      shared.rim.value.setRGB(...hour.rim);
      shared.lamp.value.copy(new Color(LAMP_COLOUR)).multiplyScalar(hour.lamp * LAMPLIGHT_MAX);
    },
  };
}

/** High on the left, with the one soft shadow of the room. */
function sun(): DirectionalLight {
  const light = new DirectionalLight();
  light.position.set(-7.5, 13, 8.5);
  light.castShadow = true;
  light.shadow.mapSize.set(2048, 2048);
  Object.assign(light.shadow.camera, { left: -10.5, right: 10.5, top: 9, bottom: -9, near: 3, far: 32 });
  light.shadow.bias = -0.0006;
  light.shadow.normalBias = 0.05;
  light.shadow.radius = 5;
  light.shadow.intensity = 0.72;
  return light;
}
