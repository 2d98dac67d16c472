/** The Z that rise from sleepers: one draw call of small sheets that face the camera. */
import { type Camera, CanvasTexture, type InstancedMesh, Matrix4, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace, Vector3 } from "three";
import { own } from "../../../../assets/people/poses/joints.ts";
import type { Role } from "../people/cast.ts";
import { tinted } from "./tinted.ts";

const EACH = 3;
const SLEEPERS_MAX = 10;

export interface Dreams {
  readonly mesh: InstancedMesh;
  update(roles: readonly Role[], camera: Camera): void;
}

export function dreams(): Dreams {
  const material = new MeshBasicMaterial({ map: letter(), transparent: true, depthWrite: false, toneMapped: false });
  const mesh = tinted(new PlaneGeometry(1, 1), material, EACH * SLEEPERS_MAX);
  const [matrix, at, size] = [new Matrix4(), new Vector3(), new Vector3()];
  mesh.renderOrder = 4;

  function rise(index: number, role: Role, sleeper: number, camera: Camera): void {
    const share = (((role.seconds * 0.22 + index / EACH + own(sleeper, 6)) % 1) + 1) % 1;
    at.set(role.x + 0.3 + share * 0.35, 1.3 + share * 0.75, role.z + 0.45);
    size.setScalar((0.15 + share * 0.17) * Math.min(1, Math.sin(share * Math.PI) * 2.2));
    mesh.setMatrixAt(mesh.count, matrix.compose(at, camera.quaternion, size));
    mesh.count++;
  }

  return {
    mesh,
    update(roles, camera) {
      mesh.count = 0;
      for (let sleeper = 0; sleeper < roles.length; sleeper++) {
        const role = roles[sleeper];
        if (role?.clip !== "sleep") continue;
        for (let index = 0; index < EACH; index++) rise(index, role, sleeper, camera);
      }
      mesh.visible = mesh.count > 0;
      mesh.instanceMatrix.needsUpdate = mesh.visible;
    },
  };
}

function letter(): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.lineCap = pen.lineJoin = "round";
    for (const [width, colour] of [
      [20, "#fff8ee"],
      [10, "#7d78b0"],
    ] as const) {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.beginPath();
      for (const [x, y] of [
        [18, 17],
        [46, 17],
        [18, 47],
        [46, 47],
      ] as const)
        pen.lineTo(x, y);
      pen.stroke();
    }
  }
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}
