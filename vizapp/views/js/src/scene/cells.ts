// All nodes as boxes in one draw call, without instancing (software GL replays every instance).
//
// There are no vertex attributes: the vertex shader derives node and corner from gl_VertexID. Of a box only
// the three faces that look at the camera are drawn, at most: its nearest corner and the six around it (faces.ts
// has the index). The vertex shader is most of a frame's cost in software GL, so it has no division, no array and
// no product of matrices.
import {
  BufferGeometry,
  Color,
  DataTexture,
  DoubleSide,
  GLSL3,
  Mesh,
  NearestFilter,
  type PerspectiveCamera,
  RawShaderMaterial,
  RGBAFormat,
} from "three";
import type { Bounds } from "./bounds";
import { CORNER_BITS, type Detail, Faces } from "./faces";
import { BORDER, INSIDE, MARK_BITS, PRIMARY } from "./marks";
import { NODE_GLSL, type NodeTextures } from "./nodes";
import { ACCENT, type SceneTheme } from "./types";

const JOINED_PX = 8; // narrower boxes are drawn joined to their neighbours

const vertexShader = /* glsl */ `${NODE_GLSL}
uniform vec3 cameraPosition;
uniform sampler2D palette;
uniform float pixels;   // per unit of length at distance 1
uniform vec3 accent, ink;
uniform vec2 shades;    // front and side faces against the top
flat out vec4 tint;     // the node's colour, and how the face is shaded
flat out vec4 rim;      // colour of the outline, and its width in px
flat out float ring;    // width of a second one inside of it
flat out vec3 across;   // 1 on the axis that the face looks along
out vec3 local;

void main() {
  int node = gl_VertexID >> ${CORNER_BITS};
  int corner = gl_VertexID & ${(1 << CORNER_BITS) - 1};
  ivec2 at = texel(node);
  vec4 here = placed(at);
  vec4 state = texelFetch(cell, at, 0);
  vec4 centre = viewProjection * vec4(here.xyz, 1.0);
  float perUnit = pixels / max(1.0, centre.w);
  float wide = here.w * perUnit;  // the box's edge on the screen

  // Small boxes grow until they just overlap: gaps thinner than a pixel would flicker as moiré.
  float edge = here.w * mix(1.01 / state.w, 1.0, max(flatness, smoothstep(${JOINED_PX.toFixed(1)}, 14.0, wide)));
  int mark = int(state.y * 255.0 + 0.5);
  int part = mark & 3, preview = (mark >> 2) & 3;
  bool primary = part == ${PRIMARY};
  if (primary) edge = max(edge * 1.2, 11.0 / perUnit);
  edge *= state.z;

  local = vec3(corner & 1, (corner >> 1) & 1, corner >> 2);
  across = vec3(corner == 6, corner == 5, corner == 3);
  vec3 toward = mix(vec3(-0.5), vec3(0.5), greaterThanEqual(cameraPosition, here.xyz)) * edge;
  toward.z *= 1.0 - flatness;
  gl_Position = centre + viewProjection * vec4(toward * (1.0 - 2.0 * local), 0.0);
  if (primary) gl_Position.z -= 0.002 * gl_Position.w;
  if (state.z == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);

  vec3 colour = texelFetch(palette, ivec2(int(state.x * 255.0 + 0.5), mark >> ${MARK_BITS}), 0).rgb;
  tint = vec4(colour, mix(dot(across, vec3(shades.y, 1.0, shades.x)), 1.0, flatness));
  rim = vec4(mix(colour * tint.a, vec3(dot(colour, vec3(0.3, 0.6, 0.1)) < 0.5), 0.2), 1.0);
  ring = primary ? 1.6 : 0.0;
  // Small boxes are tinted instead of outlined, those inside of a set only a little: their colours say something.
  float small = primary ? 0.0 : 1.0 - smoothstep(2.0, 7.0, wide);
  bool roomy = wide > 9.0;
  if (preview == ${BORDER} || (preview == ${INSIDE} && roomy)) {
    rim = vec4(ink, clamp(0.12 * wide, 1.2, 2.0));
    tint.rgb = mix(tint.rgb, ink, 0.8 * small);
  }
  if (part >= ${BORDER} || (part == ${INSIDE} && roomy)) {
    rim = vec4(accent, clamp(0.12 * wide, 1.6, primary ? 3.0 : 2.2));
    tint.rgb = mix(tint.rgb, accent, small);
  } else if (part == ${INSIDE}) {
    tint.rgb = mix(tint.rgb, accent, 0.25);
  }
}`;

const fragmentShader = /* glsl */ `
precision highp float;
flat in vec4 tint;
flat in vec4 rim;
flat in float ring;
flat in vec3 across;
in vec3 local;
uniform vec3 ink;
out vec4 colour;
void main() {
  vec3 perPixel = fwidth(local) + 1e-6;
  vec3 away = min(local, 1.0 - local) / perPixel + across * 1e3;  // px from the face's borders
  float border = min(away.x, min(away.y, away.z));
  float line = clamp(rim.w + 0.5 - border, 0.0, 1.0);
  // A grid that fills half of what it divides only greys it: outlines fade where cells are small.
  vec3 tight = perPixel * (1.0 - across);
  if (rim.w == 1.0) line *= 1.0 - smoothstep(0.1, 0.3, max(tight.x, max(tight.y, tight.z)));
  // Joined boxes share edges, where a hidden side may win a pixel: it is coloured like a top there.
  float shade = local.y < perPixel.y ? 1.0 : tint.a;
  float inner = ring > 0.0 ? clamp(rim.w + ring + 0.5 - border, 0.0, 1.0) : 0.0;
  colour = vec4(mix(mix(tint.rgb * shade, ink, inner), rim.rgb, line), 1.0);
}`;

export class Cells {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial>;
  private readonly faces: Faces;

  constructor(
    private readonly nodes: NodeTextures,
    private readonly bounds: Bounds,
  ) {
    this.faces = new Faces(nodes);
    const geometry = new BufferGeometry();
    geometry.setIndex(this.faces.attribute);
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      side: DoubleSide,
      uniforms: {
        ...nodes.uniforms,
        palette: { value: greys() },
        pixels: { value: 1 },
        accent: { value: new Color() },
        ink: { value: new Color() },
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

  setTheme({ accent, ink }: SceneTheme): void {
    this.mesh.material.uniforms.accent.value.set(accent ?? ACCENT);
    this.mesh.material.uniforms.ink.value.set(ink);
  }

  /** Get ready for a frame seen by `camera`, with `pixels` px per unit of length at distance 1. */
  prepare(camera: PerspectiveCamera, pixels: number): void {
    const { uniforms } = this.mesh.material;
    uniforms.pixels.value = pixels;
    const details = this.nodes.network.layers.map((_, layer) => this.detail(layer, camera, pixels));
    this.faces.update(details, this.nodes.primary);
    this.mesh.geometry.setDrawRange(0, this.faces.count);
  }

  private detail(layer: number, camera: PerspectiveCamera, pixels: number): Detail {
    const flatness = this.nodes.uniforms.flatness.value as number;
    if (flatness > 0) return flatness === 1 ? "front" : "full";
    const near = this.bounds.nearest(layer, camera);
    const edge = this.nodes.network.size[this.nodes.network.layers[layer].offset];
    const joined = near > 1 && edge * pixels < JOINED_PX * near && this.nodes.visibility(layer) === 1;
    return joined ? "joined" : "full";
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
