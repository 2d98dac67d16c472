/** The office as it stands: first a few plain boxes, then the models. */
import { BoxGeometry, Group, InstancedMesh, Matrix4, Mesh, MeshBasicMaterial, MeshLambertMaterial, PlaneGeometry } from "three";
import { DESKS, ROOM } from "../../../../assets/layout.ts";
import { C } from "../../../../assets/palette.ts";
import { bakedMaterial } from "./materials.ts";
import type { Models } from "./models.ts";
import { blob } from "./pools.ts";

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
export function blockout(): { readonly group: Group; dispose(): void } {
  const [wood, slab] = [new MeshLambertMaterial({ color: C.wood }), new MeshLambertMaterial({ color: C.slab })];
  const width = ROOM.x1 - ROOM.x0 + 0.7;
  const base = new Mesh(new BoxGeometry(width, 0.5, ROOM.z1 - ROOM.z0 + 0.7), slab);
  base.position.set((ROOM.x0 + ROOM.x1) / 2, -0.26, 0);
  const tops = new InstancedMesh(new BoxGeometry(1.75, 0.75, 0.86), wood, DESKS.length);
  DESKS.forEach(({ x, z }, index) => {
    tops.setMatrixAt(index, new Matrix4().makeTranslation(x, 0.4, z));
  });
  const group = new Group();
  group.add(base, tops);
  return {
    group,
    dispose() {
      for (const part of [base.geometry, tops.geometry, wood, slab, tops]) part.dispose();
    },
  };
}

/** The soft shadow of the whole room on whatever it stands on. */
export function ground(): { readonly mesh: Mesh; night(on: boolean): void } {
  const material = new MeshBasicMaterial({ map: blob(), transparent: true, depthWrite: false, toneMapped: false });
  const mesh = new Mesh(new PlaneGeometry(26, 19), material);
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set(0.2, -0.52, 0.6);
  mesh.renderOrder = 1;
  return {
    mesh,
    night(on) {
      material.color.set(on ? "#07061a" : "#a85e3a");
      material.opacity = on ? 0.75 : 0.55;
    },
  };
}
