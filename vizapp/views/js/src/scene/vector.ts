// The scene as vectors: boxes as polygons and edges as lines, painted from the farthest to the nearest.
import { type Matrix4, type PerspectiveCamera, Vector3 } from "three";
import type { Edges } from "./edges";
import { INSIDE, MARK_BITS, PRIMARY, selectedPart } from "./marks";
import type { Parts } from "./parts";
import { ACCENT, type SceneTheme } from "./types";

/** Everything that decides what the picture shows. */
export interface View extends Parts {
  camera: PerspectiveCamera;
  size: [number, number];
  theme: SceneTheme;
  palette: Uint8Array | null;
  glow: number[]; // centre and radii of the ellipse, in normalised device coordinates
}

const SHADES = [1, 0.86, 0.72]; // top, front and side faces, as cells.ts has them
const SOLID_PX = 5; // of smaller boxes only one face is drawn
const LINED_PX = 9; // and larger ones have an outline
const RIM_PX = 1.5; // of plates
const MOST_LINES = 6000; // per kind of edges, the strongest

/** SVG elements for a canvas of `size`; a `g` of the class "node" for every node in sight. */
export function vector(view: View): string {
  return [glow(view), scenery(view), labels(view)].join("");
}

/** Names and digits alone, to be laid over pixels. */
export function labels({ labels: { element }, theme }: View): string {
  const base = element.getBoundingClientRect();
  let text = "";
  for (const part of element.querySelectorAll<HTMLElement>(".vz-layer > *, .vz-output, .vz-map, .vz-hover")) {
    const box = part.getBoundingClientRect();
    const style = getComputedStyle(part);
    const chip = part.closest<HTMLElement>(".vz-layer") ?? part;
    if (!box.width || getComputedStyle(chip).opacity === "0" || !part.textContent) continue;
    const [x, y] = [box.left - base.left, box.top - base.top];
    const hover = part.classList.contains("vz-hover");
    if (hover) text += `<rect x="${n(x)}" y="${n(y)}" width="${n(box.width)}" height="${n(box.height)}" rx="4" fill="${theme.ink}"/>`;
    const halo = hover ? "" : ` stroke="${theme.background}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;
    const font = `font-size="${style.fontSize}" font-weight="${style.fontWeight}"`;
    const place = `x="${n(x + box.width / 2)}" y="${n(y + box.height / 2)}"`;
    text += `<text ${place} ${font} fill="${hex(style.color)}"${halo}>${escaped(part.textContent)}</text>`;
  }
  return `<g font-family="${escaped(getComputedStyle(element).fontFamily)}" text-anchor="middle" dominant-baseline="central">${text}</g>`;
}

function glow({ glow: [x, y, rx, ry], size: [width, height], theme }: View): string {
  const stops = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (at) => `<stop offset="${at}" stop-color="${theme.glow}" stop-opacity="${n((1 - at * at) ** 2, 3)}"/>`,
  );
  const place = `cx="${n(((x + 1) / 2) * width)}" cy="${n(((1 - y) / 2) * height)}" rx="${n((rx / 2) * width)}" ry="${n((ry / 2) * height)}"`;
  return `<defs><radialGradient id="glow">${stops.join("")}</radialGradient></defs><ellipse ${place} fill="url(#glow)"/>`;
}

/**
 * Layers are horizontal: one cannot hide another that lies between it and the height of the eye. So they are painted
 * from the farthest from that height to the nearest, and so are the edges between them.
 */
function scenery(view: View): string {
  const { nodes, camera } = view;
  const flatness = nodes.uniforms.flatness.value as number;
  const project = projection(view);
  const slabs: { apart: number; svg: string }[] = [];
  const height = nodes.network.layers.map(({ offset }) => nodes.centre(offset)[1]);
  const apart = (y: number): number => (flatness > 0.5 ? 0 : Math.abs(y - camera.position.y));
  nodes.network.layers.forEach((_, layer) => {
    if (nodes.visibility(layer) < 0.5) return;
    slabs.push({ apart: apart(height[layer]), svg: plates(view, layer, project) + boxes(view, layer, project) });
  });
  for (const kind of [view.edges, view.stepEdges]) {
    for (const [key, svg] of lines(view, kind, project)) {
      const [from, to] = key.split(" ").map(Number);
      // Flattened, lines go in front of the cells.
      slabs.push({ apart: flatness > 0.5 ? -1 : apart((height[from] + height[to]) / 2), svg });
    }
  }
  return slabs
    .sort((a, b) => b.apart - a.apart)
    .map(({ svg }) => svg)
    .join("");
}

type Project = (x: number, y: number, z: number) => [number, number, number] | null;

/** To px of the picture and the distance; null for what is beside or behind the camera. */
function projection({ nodes, size: [width, height] }: View): Project {
  const m = (nodes.uniforms.viewProjection.value as Matrix4).elements;
  return (x, y, z) => {
    const w = m[3] * x + m[7] * y + m[11] * z + m[15];
    if (w <= 1) return null;
    const px = (((m[0] * x + m[4] * y + m[8] * z + m[12]) / w + 1) / 2) * width;
    const py = ((1 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w) / 2) * height;
    return [px, py, w];
  };
}

function boxes(view: View, layer: number, project: Project): string {
  const { nodes, camera, size, palette, theme } = view;
  const { network } = nodes;
  const flatness = nodes.uniforms.flatness.value as number;
  const cells = nodes.uniforms.cell.value.image.data as Uint8Array;
  const perUnit = (size[1] / 2) * camera.projectionMatrix.elements[5];
  const eye = camera.position.toArray();
  const { offset, count } = network.layers[layer];
  const seen: { node: number; far: number; wide: number; at: Vector3 }[] = [];
  for (let node = offset; node < offset + count; node++) {
    const at = new Vector3(...nodes.centre(node));
    const place = project(at.x, at.y, at.z);
    if (!place) continue;
    const wide = ((network.size[node] * (1 - flatness) + network.flatSize[node] * flatness) * perUnit) / place[2];
    const [x, y] = place;
    if (x < -wide || y < -wide || x > size[0] + wide || y > size[1] + wide) continue;
    seen.push({ node, far: at.distanceTo(camera.position), wide, at });
  }
  seen.sort((a, b) => b.far - a.far);
  const svg = seen.map(({ node, wide, at, far }) => {
    const state = cells.subarray(4 * node, 4 * node + 4);
    const part = selectedPart(state[1]);
    const row = state[1] >> MARK_BITS;
    const colour = palette ? palette.subarray(4 * (256 * row + state[0]), 4 * (256 * row + state[0]) + 3) : [128, 128, 128];
    // Small boxes are drawn joined to their neighbours, as in the scene.
    const joined = wide < 8 && flatness < 0.5;
    const edge = (wide / (joined ? state[3] / 255 : 1) + (joined ? 0.4 : 0)) * (far / perUnit);
    // As in the scene, small boxes inside of what is selected show their colours.
    const chosen = part > INSIDE || (part === INSIDE && wide > LINED_PX);
    let rim = "";
    if (chosen) rim = ` stroke="${theme.accent ?? ACCENT}" stroke-width="${part === PRIMARY ? 2.4 : 1.6}"`;
    else if (wide > LINED_PX) rim = ` stroke="#000" stroke-opacity="0.2"`;
    const faces = facesOf(at, edge / 2, eye, flatness, wide > SOLID_PX || chosen, project);
    return `<g class="node"${rim}>${faces.map(([d, shade]) => `<path d="${d}" fill="${rgb(colour, shade)}"/>`).join("")}</g>`;
  });
  return `<g class="layer" stroke-linejoin="round">${svg.join("")}</g>`;
}

/** The faces that look at the camera, with how they are shaded; only the top (flattened: the front) of small boxes. */
function facesOf(at: Vector3, half: number, eye: number[], flatness: number, solid: boolean, project: Project): [string, number][] {
  const centre = at.toArray();
  const halves = [half, half, half * (1 - flatness)];
  const axes = flatness > 0.5 ? [2] : solid ? [0, 2, 1] : [1];
  const faces: [string, number][] = [];
  for (const axis of axes) {
    const side = eye[axis] >= centre[axis] ? 1 : -1;
    const [a, b] = [0, 1, 2].filter((other) => other !== axis);
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, v]) => {
      const point = [...centre];
      point[axis] += side * halves[axis];
      point[a] += u * halves[a];
      point[b] += v * halves[b];
      return project(point[0], point[1], point[2]);
    });
    const d = polygon(corners);
    if (d) faces.push([d, flatness > 0.5 ? 1 : axis === 1 ? SHADES[0] : axis === 2 ? SHADES[1] : SHADES[2]]);
  }
  return faces;
}

/** What the nodes of a layer stand on, and the lip around their tops: two quads of the plates' geometry for every map. */
function plates({ plates: { mesh }, nodes, camera, size }: View, layer: number, project: Project): string {
  const { corner, flatCorner, outward } = mesh.geometry.attributes;
  const flatness = nodes.uniforms.flatness.value as number;
  const perUnit = (size[1] / 2) * camera.projectionMatrix.elements[5];
  const colour = mesh.material.uniforms.plate.value.getHexString() as string;
  const mix = (deep: number, flat: number): number => deep + (flat - deep) * flatness;
  let paths = "";
  for (let first = 0; first < corner.count; first += 4) {
    const node = outward.getZ(first);
    if (nodes.layerOf[node] !== layer) continue;
    // As in the scene, a lip belongs to boxes so small that they are drawn joined.
    const far = project(...nodes.centre(node))?.[2] ?? 0;
    if (outward.getW(first) === 0 && (flatness > 0.5 || nodes.network.size[node] * perUnit > LINED_PX * far)) continue;
    const corners = [0, 1, 2, 3].map((i) => {
      const at = first + i;
      const place = [mix(corner.getX(at), flatCorner.getX(at)), mix(corner.getY(at), flatCorner.getY(at)), mix(corner.getZ(at), 0)];
      const rim = Math.max(outward.getW(at), (RIM_PX * far) / perUnit);
      const [right, up] = [outward.getX(at) * rim, outward.getY(at) * rim];
      return project(place[0] + right, place[1] + up * flatness, place[2] - up * (1 - flatness));
    });
    paths += polygon(corners);
  }
  return paths && `<path class="plates" d="${paths}" fill="#${colour}"/>`;
}

/** Lines of one kind of edges, by the layers between which they run. */
function lines({ nodes, size }: View, edges: Edges, project: Project): Map<string, string> {
  const between = new Map<string, string>();
  if (!edges.mesh.visible) return between;
  const { ends, colour } = edges.mesh.geometry.attributes;
  const count = edges.mesh.geometry.drawRange.count / 2;
  // The weakest come first.
  for (let edge = Math.max(0, count - MOST_LINES); edge < count; edge++) {
    const [from, to] = [ends.getX(2 * edge), ends.getY(2 * edge)];
    const layers = [nodes.layerOf[from], nodes.layerOf[to]];
    if (layers.some((layer) => nodes.visibility(layer) < 0.5)) continue;
    const [a, b] = [project(...nodes.centre(from)), project(...nodes.centre(to))];
    if (!a || !b || outside(a, b, size)) continue;
    const bytes = [0, 1, 2, 3].map((i) => (colour.array as Uint8Array)[8 * edge + i]);
    const key = layers.join(" ");
    const alpha = n((bytes[3] / 255) * edges.strength, 2);
    const line = `<path d="M${n(a[0])} ${n(a[1])}L${n(b[0])} ${n(b[1])}" stroke="${rgb(bytes, 1)}" stroke-opacity="${alpha}"/>`;
    between.set(key, (between.get(key) ?? "") + line);
  }
  for (const [key, svg] of between) between.set(key, `<g class="edges" fill="none" stroke-width="0.75">${svg}</g>`);
  return between;
}

function outside(a: number[], b: number[], [width, height]: [number, number]): boolean {
  const beyond = (axis: number, most: number): boolean => (a[axis] < 0 && b[axis] < 0) || (a[axis] > most && b[axis] > most);
  return beyond(0, width) || beyond(1, height);
}

function polygon(corners: ([number, number, number] | null)[]): string {
  if (corners.some((corner) => corner === null)) return "";
  return `M${(corners as [number, number, number][]).map(([x, y]) => `${n(x)} ${n(y)}`).join("L")}z`;
}

function rgb(colour: ArrayLike<number>, shade: number): string {
  return `#${[0, 1, 2].map((i) => Math.round(colour[i] * shade).toString(16).padStart(2, "0")).join("")}`;
}

/** "rgb(31, 41, 51)" as programs that draw SVG like it. */
function hex(colour: string): string {
  const parts = colour.match(/[\d.]+/g)?.slice(0, 3).map(Number);
  return parts?.length === 3 ? rgb(parts, 1) : colour;
}

function n(value: number, digits = 1): string {
  return String(Number(value.toFixed(digits)));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
