// A thin plate under every map, and a lip around its top: they show where a map ends, whatever its nodes' colours.
import { BufferAttribute, BufferGeometry, Color, FrontSide, GLSL3, Mesh, RawShaderMaterial } from "three";
import { NODE_GLSL, type NodeTextures } from "./nodes";
import type { SceneTheme } from "./types";

const vertexShader = /* glsl */ `${NODE_GLSL}
uniform float pixels;
uniform vec3 cameraPosition;
in vec3 corner;
in vec2 flatCorner;
in vec4 outward;  // x, y of the corner seen from its plate's centre; a node on it; width of the rim, 0 for a lip
void main() {
  vec3 here = mix(corner, vec3(flatCorner, -0.01), flatness);
  vec3 way = mix(vec3(outward.x, 0.0, -outward.y), vec3(outward.xy, 0.0), flatness);
  float apart = max(1.0, (viewProjection * vec4(here, 1.0)).w);
  ivec2 at = texel(int(outward.z));
  bool shown = texelFetch(cell, at, 0).z > 0.5;
  // As many px on the screen however obliquely a side is seen.
  vec3 view = normalize(cameraPosition - here);
  vec3 rim = max(vec3(outward.w), 1.5 * apart / pixels / max(sqrt(1.0 - view * view), 0.2));
  if (outward.w == 0.0) {  // a lip belongs to boxes so small that they are drawn joined
    float wide = texelFetch(place, at, 0).w * pixels / apart;
    shown = shown && wide < 9.0 && flatness < 0.5;
  }
  gl_Position = shown ? viewProjection * vec4(here + way * rim, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}`;

const fragmentShader = /* glsl */ `
precision mediump float;
uniform vec3 plate;
out vec4 colour;
void main() { colour = vec4(plate, 1.0); }`;

// Counter-clockwise seen from above, and from the front in the flattened plot.
const OUTWARD = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];

export class Plates {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial>;

  constructor(nodes: NodeTextures) {
    const { positions, flat, size, flatSize, layers } = nodes.network;
    const blocks = nodes.network.blocks ?? layers.map(({ offset, count }) => ({ first: offset, count }));
    const corner = new Float32Array(blocks.length * 24);
    const flatCorner = new Float32Array(blocks.length * 16);
    const outward = new Float32Array(blocks.length * 32);
    const index = new Uint16Array(blocks.length * 12);
    blocks.forEach(({ first, count }, block) => {
      const span = (values: Float32Array, stride: number, axis: number, edge: number) => {
        let [low, high] = [Infinity, -Infinity];
        for (let node = first; node < first + count; node++) {
          low = Math.min(low, values[stride * node + axis]);
          high = Math.max(high, values[stride * node + axis]);
        }
        return [low - edge / 2, high + edge / 2];
      };
      const edge = nodes.pitch[first];
      const [x, y, z] = [0, 1, 2].map((axis) => span(positions, 3, axis, edge));
      const [u, v] = [0, 1].map((axis) => span(flat, 2, axis, flatSize[first]));
      const heights = [y[0] - 0.02 * size[first], y[1] - 0.5 * (edge - size[first])]; // plate, lip
      heights.forEach((height, lip) => {
        const quad = 2 * block + lip;
        OUTWARD.forEach(([right, up], n) => {
          const [i, j] = [right > 0 ? 1 : 0, up > 0 ? 1 : 0];
          corner.set([x[i], height, z[1 - j]], 3 * (4 * quad + n));
          flatCorner.set([u[i], v[j]], 2 * (4 * quad + n));
          outward.set([right, up, first, lip ? 0 : 0.25 * edge], 4 * (4 * quad + n));
        });
        index.set([0, 1, 2, 0, 2, 3].map((n) => 4 * quad + n), 6 * quad);
      });
    });
    const geometry = new BufferGeometry();
    geometry.setAttribute("corner", new BufferAttribute(corner, 3));
    geometry.setAttribute("flatCorner", new BufferAttribute(flatCorner, 2));
    geometry.setAttribute("outward", new BufferAttribute(outward, 4));
    geometry.setIndex(new BufferAttribute(index, 1));
    const uniforms = { ...nodes.uniforms, plate: { value: new Color() }, pixels: { value: 1 } };
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      uniforms,
      side: FrontSide,
    });
    this.mesh = new Mesh(geometry, material);
    this.mesh.frustumCulled = false;
  }

  setTheme(theme: SceneTheme): void {
    const { glow, muted, plate } = theme;
    this.mesh.material.uniforms.plate.value.set(plate ?? new Color(glow).lerp(new Color(muted), 0.35));
  }

  set pixels(perUnit: number) {
    this.mesh.material.uniforms.pixels.value = perUnit;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
