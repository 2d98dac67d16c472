/**
 * Things that are drawn several times, each in a colour of its own. What is drawn once goes the same way where it can: every
 * other way of giving a colour is another program, and those are counted.
 */
import { type BufferGeometry, Color, InstancedMesh, type Material, Matrix4 } from "three";

const WHITE = new Color(1, 1, 1);
const HERE = new Matrix4();

export function tinted<M extends Material>(geometry: BufferGeometry, material: M, count: number): InstancedMesh<BufferGeometry, M> {
  const mesh = new InstancedMesh(geometry, material, count);
  for (let index = 0; index < count; index++) {
    mesh.setMatrixAt(index, HERE);
    mesh.setColorAt(index, WHITE);
  }
  mesh.frustumCulled = false;
  return mesh;
}
