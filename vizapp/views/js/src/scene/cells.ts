// All nodes as boxes in one draw call, without instancing (software GL replays every instance).
//
// There are no vertex attributes: the vertex shader derives node and corner from gl_VertexID. Of a box only
// the three faces that look at the camera are drawn: its nearest corner and the six around it, seven vertices.
// A face is coloured by its provoking (last) vertex, which is the corner that no other face ends on.
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  DoubleSide,
  GLSL3,
  Mesh,
  NearestFilter,
  RawShaderMaterial,
  RGBAFormat,
} from "three";
import { NODE_GLSL, type NodeTextures } from "./nodes";

const CORNERS = 7;
// Corners: 0 the nearest; 1, 2, 3 across x, y, z; 4, 5, 6 the far ends of the x, y and z faces.
const FACES = [2, 0, 4, 0, 3, 4, 3, 0, 5, 0, 1, 5, 1, 0, 6, 0, 2, 6];

const vertexShader = /* glsl */ `${NODE_GLSL}
uniform vec3 cameraPosition;
uniform sampler2D palette;
uniform float pixels;   // per unit of length at distance 1
uniform int hovered;
uniform vec3 accent;
uniform vec2 shades;    // front and side faces against the top
flat out vec3 tint;
flat out vec4 rim;      // colour of the outline, and its width as a share of the edge
flat out vec3 across;   // 1 on the axis that the face looks along
out vec3 local;
const vec3 FLIPS[${CORNERS}] = vec3[](
  vec3(0, 0, 0), vec3(1, 0, 0), vec3(0, 1, 0), vec3(0, 0, 1), vec3(0, 1, 1), vec3(1, 0, 1), vec3(1, 1, 0));

void main() {
  int node = gl_VertexID / ${CORNERS};
  int corner = gl_VertexID - node * ${CORNERS};
  ivec2 at = texel(node);
  vec4 here = placed(at);
  vec4 state = texelFetch(cell, at, 0) * 255.0;
  vec2 layer = layers[int(state.z + 0.5)];
  float apart = max(1.0, (projectionMatrix * viewMatrix * vec4(here.xyz, 1.0)).w);
  float wide = here.w * pixels / apart;  // the box's edge on the screen

  // Small boxes grow until they touch: gaps thinner than a pixel would flicker as moiré.
  float edge = here.w * mix(255.0 / state.w, 1.0, max(flatness, smoothstep(8.0, 14.0, wide)));
  bool hover = node == hovered;
  if (hover) edge = max(edge * 1.25, 9.0 * apart / pixels);
  edge *= layer.x;
  vec3 half3 = vec3(0.5, 0.5, 0.5 * (1.0 - flatness)) * edge;

  vec3 flips = FLIPS[corner];
  vec3 toward = mix(vec3(-1), vec3(1), greaterThanEqual(cameraPosition, here.xyz));
  local = flips;
  across = vec3(equal(ivec3(corner), ivec3(4, 5, 6)));
  vec4 clip = projectionMatrix * viewMatrix * vec4(here.xyz + half3 * toward * (1.0 - 2.0 * flips), 1.0);
  if (hover) clip.z -= 0.002 * clip.w;
  gl_Position = layer.x > 0.0 ? clip : vec4(2.0, 2.0, 2.0, 1.0);

  vec3 colour = texelFetch(palette, ivec2(int(state.x + 0.5), int(layer.y + 0.5)), 0).rgb;
  float shade = corner == 5 ? 1.0 : corner == 6 ? shades.x : shades.y;
  tint = colour * mix(shade, 1.0, flatness);
  float thin = smoothstep(6.0, 14.0, wide);
  float dark = dot(colour, vec3(0.3, 0.6, 0.1));
  rim = vec4(mix(tint, dark > 0.5 ? vec3(0.0) : vec3(1.0), 0.22), thin > 0.0 ? 1.0 / wide : 0.0);
  rim.rgb = mix(tint, rim.rgb, thin);
  if (hover || state.y > 0.5) {
    rim = vec4(accent, max(hover ? 1.6 : 1.2, 0.1 * wide) / max(wide, 1.0));
    if (!hover && wide < 6.0) tint = mix(accent, tint, smoothstep(2.0, 6.0, wide));
  }
}`;

const fragmentShader = /* glsl */ `
precision mediump float;
flat in vec3 tint;
flat in vec4 rim;
flat in vec3 across;
in vec3 local;
out vec4 colour;
void main() {
  vec3 inside = min(local, 1.0 - local) + across;
  float border = min(inside.x, min(inside.y, inside.z));
  colour = vec4(border < rim.w ? rim.rgb : tint, 1.0);
}`;

export class Cells {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial>;

  constructor(nodes: NodeTextures) {
    const index = new Uint32Array(nodes.count * FACES.length);
    for (let node = 0, at = 0; node < nodes.count; node++)
      for (const corner of FACES) index[at++] = node * CORNERS + corner;
    const geometry = new BufferGeometry();
    geometry.setIndex(new BufferAttribute(index, 1));
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      side: DoubleSide,
      uniforms: {
        ...nodes.uniforms,
        palette: { value: greys() },
        pixels: { value: 1 },
        hovered: { value: -1 },
        accent: { value: new Color() },
        shades: { value: [0.86, 0.72] },
      },
    });
    this.mesh = new Mesh(geometry, material);
    this.mesh.frustumCulled = false;
  }

  /** 2 × 256 RGBA: sequential, diverging. */
  setPalette(rgba: Uint8Array): void {
    const palette = this.mesh.material.uniforms.palette.value as DataTexture;
    (palette.image.data as Uint8Array).set(rgba);
    palette.needsUpdate = true;
  }

  set accent(colour: string) {
    this.mesh.material.uniforms.accent.value.set(colour);
  }

  set hovered(node: number | null) {
    this.mesh.material.uniforms.hovered.value = node ?? -1;
  }

  set pixels(perUnit: number) {
    this.mesh.material.uniforms.pixels.value = perUnit;
  }

  dispose(): void {
    this.mesh.material.uniforms.palette.value.dispose();
    this.mesh.material.dispose();
    this.mesh.geometry.dispose();
  }
}

function greys(): DataTexture {
  const rgba = new Uint8Array(2 * 256 * 4);
  for (let i = 0; i < 512; i++) rgba.set([i & 255, i & 255, i & 255, 255], 4 * i);
  const texture = new DataTexture(rgba, 256, 2, RGBAFormat);
  texture.minFilter = texture.magFilter = NearestFilter;
  texture.needsUpdate = true;
  return texture;
}
