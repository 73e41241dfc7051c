// What the shaders know of the nodes: textures with one texel per node, and the GLSL that reads them.
import {
  DataTexture,
  FloatType,
  type IUniform,
  Matrix4,
  NearestFilter,
  type PerspectiveCamera,
  RGBAFormat,
} from "three";
import { MARK_BITS, marks } from "./marks";
import type { SceneNetwork } from "./types";

/** A node's second byte: its mark, and above these bits its palette row. */
export { MARK_BITS };
const WIDTH_BITS = 7; // texel of node n: column n & 127, row n >> 7
const WIDTH = 1 << WIDTH_BITS;
const DEFAULT_FILL = 0.84; // box edge as a share of the cell where neighbours do not tell

export const NODE_GLSL = /* glsl */ `
precision highp float;
precision highp int;
uniform highp sampler2D place;       // x, y, z, edge
uniform highp sampler2D flatPlace;   // x, y, -, edge
uniform sampler2D cell;              // level, mark and palette row, visibility, edge as a share of the pitch
uniform float flatness;              // 0: the 3D scene, 1: the flattened plot
uniform mat4 viewProjection;
ivec2 texel(int node) { return ivec2(node & ${WIDTH - 1}, node >> ${WIDTH_BITS}); }
vec4 placed(ivec2 at) {
  vec4 deep = texelFetch(place, at, 0);
  return flatness == 0.0 ? deep : mix(deep, texelFetch(flatPlace, at, 0), flatness);
}
`;

/** Textures over all nodes of one network, and the uniforms that every material shares. */
export class NodeTextures {
  readonly count: number;
  readonly layerOf: Uint8Array;
  readonly pitch: Float32Array; // edge of the room a node has in the 3D scene
  readonly uniforms: Record<string, IUniform>;
  /** The node that stands out among the selected ones. */
  primary: number | null = null;
  private selected: Uint32Array = new Uint32Array(0);
  private preview: Uint32Array = new Uint32Array(0);
  private readonly cells: Uint8Array;
  private readonly shown: Float32Array; // by layer

  constructor(readonly network: SceneNetwork) {
    const count = (this.count = network.size.length);
    const rows = Math.max(1, Math.ceil(count / WIDTH));
    const place = new Float32Array(rows * WIDTH * 4);
    const flatPlace = new Float32Array(rows * WIDTH * 4);
    this.cells = new Uint8Array(rows * WIDTH * 4);
    this.shown = new Float32Array(network.layers.length).fill(1);
    this.layerOf = new Uint8Array(count);
    this.pitch = new Float32Array(count);
    const { positions, flat, size, flatSize } = network;
    network.layers.forEach((layer, index) => {
      const pitch = layerPitch(network, layer.offset, layer.count);
      for (let node = layer.offset; node < layer.offset + layer.count; node++) {
        place.set([positions[3 * node], positions[3 * node + 1], positions[3 * node + 2], size[node]], 4 * node);
        flatPlace.set([flat[2 * node], flat[2 * node + 1], 0, flatSize[node]], 4 * node);
        this.layerOf[node] = index;
        this.pitch[node] = pitch;
        this.cells[4 * node + 1] = layer.signed ? 1 << MARK_BITS : 0;
        this.cells[4 * node + 2] = 255;
        this.cells[4 * node + 3] = Math.floor((255 * size[node]) / pitch); // rounded down: no slit between neighbours
      }
    });
    this.uniforms = {
      place: { value: floats(place, rows) },
      flatPlace: { value: floats(flatPlace, rows) },
      cell: { value: new DataTexture(this.cells, WIDTH, rows, RGBAFormat) },
      flatness: { value: 0 },
      viewProjection: { value: new Matrix4() },
    };
    this.uniforms.cell.value.needsUpdate = true;
  }

  setLevels(levels: Uint8Array): void {
    if (levels.length !== this.count) throw new RangeError(`${levels.length} levels for ${this.count} nodes`);
    for (let node = 0; node < this.count; node++) this.cells[4 * node] = levels[node];
    this.uniforms.cell.value.needsUpdate = true;
  }

  /** Mark nodes as selected, one of them as the primary. */
  setSelected(nodes: Uint32Array, primary: number | null): void {
    this.selected = nodes;
    this.primary = primary !== null && primary < this.count ? primary : null;
    this.mark();
  }

  /** Mark what would be selected. */
  setPreview(nodes: Uint32Array): void {
    this.preview = nodes;
    this.mark();
  }

  private mark(): void {
    const rows = ~((1 << MARK_BITS) - 1);
    marks(this.network, this.selected, this.primary, this.preview).forEach((mark, node) => {
      this.cells[4 * node + 1] = (this.cells[4 * node + 1] & rows) | mark;
    });
    this.uniforms.cell.value.needsUpdate = true;
  }

  /** What a node is drawn in, red, green and blue. */
  colour(node: number, palette: Uint8Array | null): Uint8Array | null {
    const row = this.cells[4 * node + 1] >> MARK_BITS;
    const at = 4 * (256 * row + this.cells[4 * node]);
    return palette && palette.subarray(at, at + 3);
  }

  /** 1 shows a layer, 0 hides it; between the two its nodes shrink. */
  setVisibility(layer: number, visibility: number): void {
    const { offset, count } = this.network.layers[layer];
    this.shown[layer] = visibility;
    for (let node = offset; node < offset + count; node++) this.cells[4 * node + 2] = Math.round(255 * visibility);
    this.uniforms.cell.value.needsUpdate = true;
  }

  visibility(layer: number): number {
    return this.shown[layer];
  }

  /** What the vertex shaders need of the camera, multiplied once instead of in every vertex. */
  look(camera: PerspectiveCamera): void {
    this.uniforms.viewProjection.value.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
  }

  /** A node's present centre, between its places in the scene and in the flattened plot. */
  centre(node: number): [number, number, number] {
    const { positions, flat } = this.network;
    const t = this.uniforms.flatness.value as number;
    return [
      positions[3 * node] * (1 - t) + flat[2 * node] * t,
      positions[3 * node + 1] * (1 - t) + flat[2 * node + 1] * t,
      positions[3 * node + 2] * (1 - t),
    ];
  }

  dispose(): void {
    for (const name of ["place", "flatPlace", "cell"]) this.uniforms[name].value.dispose();
  }
}

function floats(data: Float32Array, rows: number): DataTexture {
  const texture = new DataTexture(data, WIDTH, rows, RGBAFormat, FloatType);
  texture.minFilter = texture.magFilter = NearestFilter;
  texture.needsUpdate = true;
  return texture;
}

/** Distance of two neighbours, but no more than a little over the box: outputs stand far apart. */
function layerPitch({ positions: p, size }: SceneNetwork, offset: number, count: number): number {
  const edge = size[offset];
  if (count < 2) return edge / DEFAULT_FILL;
  const [a, b] = [3 * offset, 3 * offset + 3];
  const apart = Math.hypot(p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]);
  return Math.max(edge, Math.min(apart, edge / DEFAULT_FILL));
}
