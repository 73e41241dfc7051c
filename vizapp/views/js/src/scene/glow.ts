// The soft ellipse behind the network, which keeps any node from melting into the background.
import { BufferAttribute, BufferGeometry, Color, GLSL3, Mesh, RawShaderMaterial } from "three";
import type { Rect } from "./bounds";
import type { SceneTheme } from "./types";

const vertexShader = /* glsl */ `
precision highp float;
uniform vec4 ellipse;  // centre and radii, in normalised device coordinates
in vec2 corner;
out vec2 inside;
void main() {
  inside = corner;
  gl_Position = vec4(ellipse.xy + corner * ellipse.zw, 1.0, 1.0);
}`;

const fragmentShader = /* glsl */ `
precision highp float;
uniform vec3 glow, background;
in vec2 inside;
out vec4 colour;
void main() {
  float falling = max(0.0, 1.0 - dot(inside, inside));
  // Half a level of noise hides the steps of a gradient this soft.
  float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
  colour = vec4(mix(background, glow, falling * falling) + noise / 255.0, 1.0);
}`;

const REACH = 1.45; // radii, as multiples of the network's half extents

export class Glow {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial>;

  constructor() {
    const geometry = new BufferGeometry();
    geometry.setAttribute("corner", new BufferAttribute(new Float32Array([-1, -1, 1, -1, 1, 1, -1, 1]), 2));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      uniforms: {
        ellipse: { value: [0, 0, 1, 1] },
        glow: { value: new Color() },
        background: { value: new Color() },
      },
      depthTest: false,
      depthWrite: false,
    });
    this.mesh = new Mesh(geometry, material);
    this.mesh.frustumCulled = false;
  }

  setTheme(theme: SceneTheme): void {
    this.mesh.material.uniforms.glow.value.set(theme.glow);
    this.mesh.material.uniforms.background.value.set(theme.background);
  }

  /** Stand behind a rectangle of the screen. */
  behind({ left, right, top, bottom }: Rect, width: number, height: number): void {
    const [x, y] = [(left + right) / width - 1, 1 - (top + bottom) / height];
    const pad = 0.12;
    this.mesh.material.uniforms.ellipse.value = [
      x,
      y,
      ((right - left) / width) * REACH + pad,
      ((bottom - top) / height) * REACH + pad,
    ];
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
