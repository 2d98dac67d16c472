/** The office as it stands: first a few plain boxes, then the models. */
import { BoxGeometry, Color, Group, type InstancedMesh, Matrix4, Mesh, MeshBasicMaterial, MeshLambertMaterial, PlaneGeometry } from "three";
import { DESKS, ROOM } from "../../../../assets/layout.ts";
import { C } from "../../../../assets/palette.ts";
import type { Light } from "./hours.ts";
import { bakedMaterial } from "./materials.ts";
import type { Models } from "./models.ts";
import { blob } from "./pools.ts";
import { tinted } from "./tinted.ts";

/** The models: one mesh whose parts cast shadows, one of things too small for it. */
export function furnished(models: Models): Group {
  const { solid, small } = models.part("office");
  const material = bakedMaterial();
  const [large, detail] = [new Mesh(solid, material), new Mesh(small, material)];
  large.castShadow = large.receiveShadow = detail.receiveShadow = true;
  const group = new Group();
  group.add(large, detail);
  return group;
}

/** The first picture, before the models arrive: slab and desks. */
export function blockout(): { readonly mesh: InstancedMesh; dispose(): void } {
  const [box, plain] = [new BoxGeometry(1, 1, 1), new MeshLambertMaterial()];
  const mesh = tinted(box, plain, DESKS.length + 1);
  const [matrix, paint] = [new Matrix4(), new Color(C.slab)];
  matrix.makeScale(ROOM.x1 - ROOM.x0 + 0.7, 0.5, ROOM.z1 - ROOM.z0 + 0.7).setPosition((ROOM.x0 + ROOM.x1) / 2, -0.26, 0);
  mesh.setMatrixAt(DESKS.length, matrix);
  mesh.setColorAt(DESKS.length, paint);
  paint.set(C.wood);
  DESKS.forEach(({ x, z }, index) => {
    mesh.setMatrixAt(index, matrix.makeScale(1.75, 0.75, 0.86).setPosition(x, 0.4, z));
    mesh.setColorAt(index, paint);
  });
  return {
    mesh,
    dispose() {
      for (const part of [box, plain, mesh]) part.dispose();
    },
  };
}

/** The soft shadow of the whole room on whatever it stands on. */
export function ground(): { readonly mesh: InstancedMesh; light(light: Light): void } {
  const material = new MeshBasicMaterial({ map: blob(), transparent: true, depthWrite: false, toneMapped: false });
  const mesh = tinted(new PlaneGeometry(26, 19), material, 1);
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set(0.2, -0.52, 0.6);
  mesh.renderOrder = 1;
  return {
    mesh,
    light(light) {
      material.color.copy(light.ground);
      material.opacity = light.strength.ground;
    },
  };
}
