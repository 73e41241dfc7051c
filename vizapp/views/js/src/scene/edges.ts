// Edges as line segments in one draw call. Their ends follow the nodes, into the flattened plot too.
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DynamicDrawUsage,
  GLSL3,
  LineSegments,
  NormalBlending,
  RawShaderMaterial,
} from "three";
import { NODE_GLSL, type NodeTextures } from "./nodes";
import type { HoverEdges, SceneTheme } from "./types";

const FEW = 150; // edges of one node that are drawn at full strength

const vertexShader = /* glsl */ `${NODE_GLSL}
uniform float strength;
in vec2 ends;    // the node at this end, and the one at the other
in vec4 colour;
out vec4 tint;
void main() {
  ivec2 at = texel(int(ends.x));
  gl_Position = viewProjection * vec4(placed(at).xyz, 1.0);
  // In the flattened plot all depths are equal: lines go in front of the cells there.
  gl_Position.z -= 0.001 * flatness * gl_Position.w;
  float shown = min(texelFetch(cell, at, 0).z, texelFetch(cell, texel(int(ends.y)), 0).z);
  tint = vec4(colour.rgb, colour.a * shown * strength);
  if (shown == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

const fragmentShader = /* glsl */ `
precision mediump float;
in vec4 tint;
out vec4 colour;
void main() { colour = tint; }`;

export class Edges {
  readonly mesh: LineSegments<BufferGeometry, RawShaderMaterial>;
  private capacity = 0;

  /** `onTop`: nothing that stands in front hides them. */
  constructor(
    private readonly nodes: NodeTextures,
    onTop = false,
  ) {
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      uniforms: { ...nodes.uniforms, strength: { value: 1 } },
      transparent: true,
      depthWrite: false,
      depthTest: !onTop,
      blending: NormalBlending,
    });
    this.mesh = new LineSegments(new BufferGeometry(), material);
    this.mesh.frustumCulled = false;
    this.mesh.visible = false;
  }

  /** 1 shows all as they are, 0 nothing. */
  get strength(): number {
    return this.mesh.material.uniforms.strength.value;
  }

  set strength(share: number) {
    this.mesh.material.uniforms.strength.value = share;
  }

  /** One segment per edge; `rgba` holds four bytes for each. */
  set(source: Uint32Array, target: Uint32Array, rgba: Uint8Array): void {
    const count = source.length;
    if (target.length !== count || rgba.length !== 4 * count) throw new RangeError("edges: lengths differ");
    this.mesh.visible = count > 0;
    if (count === 0) return;
    this.reserve(count);
    const { ends, colour } = this.mesh.geometry.attributes as Record<string, BufferAttribute>;
    const pairs = ends.array as Float32Array;
    const bytes = colour.array as Uint8Array;
    for (let edge = 0; edge < count; edge++) {
      const [from, to] = [source[edge], target[edge]];
      if (from >= this.nodes.count || to >= this.nodes.count) throw new RangeError("edges: no such node");
      pairs.set([from, to, to, from], 4 * edge);
      const own = rgba.subarray(4 * edge, 4 * edge + 4);
      bytes.set(own, 8 * edge);
      bytes.set(own, 8 * edge + 4);
    }
    for (const attribute of [ends, colour]) {
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, 2 * count * attribute.itemSize);
      attribute.needsUpdate = true;
    }
    this.mesh.geometry.setDrawRange(0, 2 * count);
  }

  /** All edges of one node, coloured by sign, fainter the smaller their value; and a path along some nodes. */
  setSigned(node: number, { nodes, values }: HoverEdges, theme: SceneTheme, path: Uint32Array = new Uint32Array(0)): void {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const crowd = Math.min(1, Math.sqrt(FEW / values.length)); // many strong lines would hide what they meet
    const [negative, positive] = [theme.negative, theme.positive].map((name) =>
      new Color(name).toArray().map((part) => 255 * part),
    );
    const rgba = new Uint8Array(values.length * 4);
    values.forEach((value, edge) => {
      rgba.set(value < 0 ? negative : positive, 4 * edge);
      rgba[4 * edge + 3] = 20 + 235 * crowd * (Math.abs(value) / largest);
    });
    const links = Math.max(0, path.length - 1);
    const ink = [...new Color(theme.ink).toArray().map((part) => 255 * part), 255];
    this.set(
      Uint32Array.from([...new Uint32Array(nodes.length).fill(node), ...path.subarray(0, links)]),
      Uint32Array.from([...nodes, ...path.subarray(1)]),
      Uint8Array.from([...rgba, ...Array.from({ length: links }, () => ink).flat()]),
    );
  }

  /** A line around, from each of these nodes to the next. */
  loop(nodes: number[], colour: string): void {
    const rgba = [...new Color(colour).toArray().map((part) => 255 * part), 255];
    this.set(Uint32Array.from(nodes), Uint32Array.from(nodes, (_, i) => nodes[(i + 1) % nodes.length]), Uint8Array.from(nodes.flatMap(() => rgba)));
  }

  clear(): void {
    this.mesh.visible = false;
  }

  private reserve(count: number): void {
    if (count <= this.capacity) return;
    this.capacity = Math.max(1024, 2 ** Math.ceil(Math.log2(count)));
    this.mesh.geometry.dispose();
    const geometry = new BufferGeometry();
    const ends = new BufferAttribute(new Float32Array(this.capacity * 4), 2);
    const colour = new BufferAttribute(new Uint8Array(this.capacity * 8), 4, true);
    geometry.setAttribute("ends", ends.setUsage(DynamicDrawUsage));
    geometry.setAttribute("colour", colour.setUsage(DynamicDrawUsage));
    this.mesh.geometry = geometry;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
