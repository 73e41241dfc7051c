// Flights: the camera goes to some nodes, keeps its direction and some distance, and finds its way back.
import { type PerspectiveCamera, Vector3 } from "three";
import type { CameraRig, Pose } from "./camera";
import type { NodeTextures } from "./nodes";
import { still } from "./tween";

/** Nearer than this share of the distance from which everything is in sight it does not go. */
const NEAREST = 0.45;
/** Room around what it goes to, as a share of the distance. */
const ROOM = 1.15;

export class Flight {
  /** Corners of what the camera was led to; null while it is nobody's but the person's. */
  private aim: Vector3[] | null = null;
  private home: { pose: Pose; touched: boolean } | null = null;

  constructor(private readonly rig: CameraRig) {}

  /** The pose to go to for these points, or back to where the person had the camera; null for no motion. */
  to(points: Vector3[] | null, fitted: () => Pose): Pose | null {
    if (!points) return this.back(fitted);
    // No motion where there need not be any.
    if (still() && inSight(points, this.rig.camera)) return null;
    if (!this.aim) this.home = { pose: this.rig.pose, touched: this.rig.touched };
    this.aim = points;
    this.rig.touched = false;
    return fitted();
  }

  /** Given the pose from which everything is in sight: that or, on a flight, the one for what was flown to. */
  near(whole: Pose, fit: (points: Vector3[], direction: Vector3) => Pose): Pose {
    if (!this.aim) return whole;
    // Whoever has turned the network keeps it turned.
    const { target, offset } = fit(this.aim, new Vector3().setFromSpherical(this.rig.pose.offset));
    const farthest = whole.offset.radius;
    offset.radius = Math.min(Math.max(offset.radius * ROOM, farthest * NEAREST), farthest);
    return { target, offset };
  }

  /** A named view was asked for, or the nodes have left their places: there is nothing to come back to. */
  forget(): void {
    this.aim = this.home = null;
  }

  private back(fitted: () => Pose): Pose | null {
    const home = this.rig.touched ? null : this.home;
    this.forget();
    if (!home) return null;
    this.rig.touched = home.touched;
    return home.touched ? home.pose : fitted();
  }
}

/** Corners of the boxes around runs of nodes, [first, count, …], layer by layer, at some flatness. */
export function corners(nodes: NodeTextures, runs: Uint32Array, flatness: number): Vector3[] {
  return nodes.network.layers.flatMap(({ offset, count }) => box(nodes, runs, offset, offset + count, flatness));
}

function inSight(points: Vector3[], camera: PerspectiveCamera): boolean {
  return points.every((point) => {
    const { x, y, z } = point.clone().project(camera);
    return Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= 1;
  });
}

function box(nodes: NodeTextures, runs: Uint32Array, start: number, stop: number, t: number): Vector3[] {
  const { positions, flat, size, flatSize } = nodes.network;
  const low = new Vector3(Infinity, Infinity, Infinity);
  const high = new Vector3(-Infinity, -Infinity, -Infinity);
  for (let i = 0; i < runs.length; i += 2) {
    for (let node = Math.max(runs[i], start); node < Math.min(runs[i] + runs[i + 1], stop); node++) {
      const deep = new Vector3().fromArray(positions, 3 * node);
      const at = deep.lerp(new Vector3(flat[2 * node], flat[2 * node + 1], 0), t);
      const half = (size[node] * (1 - t) + flatSize[node] * t) / 2;
      low.min(at.clone().subScalar(half));
      high.max(at.addScalar(half));
    }
  }
  if (low.x > high.x) return [];
  return [low.x, high.x].flatMap((x) => [low.y, high.y].flatMap((y) => [low.z, high.z].map((z) => new Vector3(x, y, z))));
}
