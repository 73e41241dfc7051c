// The camera: fitted to the network, moved by mouse, touch and keyboard, and led to named views.
import { MOUSE, PerspectiveCamera, Spherical, TOUCH, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

/** Free px at the pane's borders, for labels. */
export interface Insets {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Pose {
  target: Vector3;
  offset: Spherical; // from the target to the camera
}

const KEY_ANGLE = Math.PI / 36;
const KEY_PAN = 0.05; // of the distance
const KEY_ZOOM = 1.15;
const LEAST_DRIFT = 3e-4; // of the distance, per frame: about a quarter of a pixel

/** Where the camera stands in a layout that says nothing of it. */
export const HOME = { position: [0, 0.5, 1], target: [0, 0, 0] };

export class CameraRig {
  readonly camera = new PerspectiveCamera(28, 1, 1, 10_000);
  readonly controls: OrbitControls;
  /** Whether a person has moved the camera since it was last placed. */
  touched = false;
  private dragging = false;
  private flat = false;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    onChange: () => void,
    onStart: () => void,
  ) {
    const controls = (this.controls = new OrbitControls(this.camera, canvas));
    controls.enableDamping = true;
    controls.dampingFactor = 0.2;
    controls.zoomToCursor = true;
    controls.minDistance = 4;
    controls.addEventListener("change", onChange);
    controls.addEventListener("start", () => {
      this.touched = this.dragging = true;
      onStart();
    });
    controls.addEventListener("end", () => (this.dragging = false));
  }

  /** In the flattened plot a drag moves the plane instead of turning it. */
  setFlat(flat: boolean): void {
    this.flat = flat;
    this.controls.enableRotate = !flat;
    this.controls.screenSpacePanning = true;
    this.controls.mouseButtons = {
      LEFT: flat ? MOUSE.PAN : MOUSE.ROTATE,
      MIDDLE: MOUSE.DOLLY,
      RIGHT: MOUSE.PAN,
    };
    this.controls.touches = { ONE: flat ? TOUCH.PAN : TOUCH.ROTATE, TWO: TOUCH.DOLLY_PAN };
  }

  resize(width: number, height: number): void {
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  get pose(): Pose {
    const target = this.controls.target.clone();
    return { target, offset: new Spherical().setFromVector3(this.camera.position.clone().sub(target)) };
  }

  set pose(pose: Pose) {
    this.controls.maxDistance = Math.max(pose.offset.radius * 3, 10);
    this.place(pose);
  }

  /** Let damping turn the camera on. Returns whether there is more to come; what nobody sees is cut off. */
  drift(): boolean {
    const before = this.camera.position.clone();
    if (!this.controls.update()) return false;
    const visible = this.camera.position.distanceTo(before) > this.controls.getDistance() * LEAST_DRIFT;
    if (visible || this.dragging) return true;
    this.controls.enableDamping = false; // an update without damping drops what is left of the motion
    this.controls.update();
    this.controls.enableDamping = true;
    return false;
  }

  private place({ target, offset }: Pose): void {
    this.controls.target.copy(target);
    this.camera.position.setFromSpherical(offset).add(target);
    this.camera.lookAt(target);
    this.controls.update(); // or the next frame would find the camera moved, and ask for one more
    this.clip();
  }

  /** The pose in between two others, on the shorter way around. */
  static between(a: Pose, b: Pose, share: number): Pose {
    const mix = (from: number, to: number) => from + (to - from) * share;
    let turn = b.offset.theta - a.offset.theta;
    turn -= 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    return {
      target: a.target.clone().lerp(b.target, share),
      offset: new Spherical(
        mix(a.offset.radius, b.offset.radius),
        mix(a.offset.phi, b.offset.phi),
        a.offset.theta + turn * share,
      ),
    };
  }

  /** The pose from which all points are in sight, looking along -`direction`, clear of the insets. */
  fit(points: Vector3[], direction: Vector3, size: [number, number], insets: Insets): Pose {
    const [width, height] = size;
    const camera = new PerspectiveCamera(this.camera.fov, width / height, 1, 1e6);
    const offset = new Spherical().setFromVector3(direction).makeSafe();
    const target = points.reduce((sum, p) => sum.add(p), new Vector3()).divideScalar(points.length);
    offset.radius = 1000;
    const free = [width - insets.left - insets.right, height - insets.top - insets.bottom];
    for (let round = 0; round < 12; round++) {
      camera.position.setFromSpherical(offset).add(target);
      camera.lookAt(target);
      camera.updateMatrixWorld();
      const seen = points.map((p) => p.clone().project(camera));
      const xs = seen.map((p) => ((p.x + 1) / 2) * width);
      const ys = seen.map((p) => ((1 - p.y) / 2) * height);
      const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      const unit = (2 * offset.radius * Math.tan((camera.fov * Math.PI) / 360)) / height; // length of 1 px
      const right3 = new Vector3().setFromMatrixColumn(camera.matrixWorld, 0);
      const up3 = new Vector3().setFromMatrixColumn(camera.matrixWorld, 1);
      target.addScaledVector(right3, unit * ((left + right) / 2 - insets.left - free[0] / 2));
      target.addScaledVector(up3, -unit * ((top + bottom) / 2 - insets.top - free[1] / 2));
      offset.radius *= Math.max((right - left) / Math.max(free[0], 40), (bottom - top) / Math.max(free[1], 40));
    }
    return { target, offset };
  }

  /** Near and far planes in proportion to the distance. */
  clip(): void {
    const distance = this.camera.position.distanceTo(this.controls.target);
    this.camera.near = Math.max(0.5, distance / 50);
    this.camera.far = distance * 4 + 1500;
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
  }

  /** Arrows turn, Shift and arrows pan, + and - zoom. Returns whether the key meant something. */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { target, offset } = this.pose;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (arrow && (event.shiftKey || this.flat)) {
      const step = offset.radius * KEY_PAN;
      this.camera.updateMatrixWorld();
      arrow.forEach((way, axis) => {
        target.addScaledVector(new Vector3().setFromMatrixColumn(this.camera.matrixWorld, axis), way * step);
      });
    } else if (arrow) {
      offset.theta += arrow[0] * KEY_ANGLE;
      offset.phi -= arrow[1] * KEY_ANGLE;
      offset.makeSafe();
    } else if (event.key === "+" || event.key === "=") {
      offset.radius = Math.max(this.controls.minDistance, offset.radius / KEY_ZOOM);
    } else if (event.key === "-" || event.key === "_") {
      offset.radius = Math.min(this.controls.maxDistance, offset.radius * KEY_ZOOM);
    } else {
      return false;
    }
    this.touched = true;
    this.place({ target, offset });
    return true;
  }

  dispose(): void {
    this.controls.dispose();
    this.canvas.style.touchAction = "";
  }
}
