// The elements of the scene: its canvas, what stands above it, and a notice for bad times.
import { SCENE_STYLE } from "./labels";

const HELP =
  "Drag or arrow keys turn, Shift and arrows move, plus and minus zoom, 0 resets. N and B go from node to node, " +
  "Page Up and Page Down from layer to layer, Enter selects.";

/** Fill `parent` with a canvas and room for a notice. Returns the element of it all, and the notice. */
export function makeStage(parent: HTMLElement, canvas: HTMLCanvasElement): [root: HTMLElement, notice: HTMLElement] {
  const root = document.createElement("div");
  root.className = "vz-scene";
  root.style.cssText = "position: relative; width: 100%; height: 100%; overflow: hidden;";
  canvas.style.cssText = "display: block; width: 100%; height: 100%; outline-offset: -2px;";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  const notice = document.createElement("div");
  notice.className = "vz-notice";
  notice.setAttribute("role", "status");
  const style = document.createElement("style");
  style.textContent = SCENE_STYLE;
  root.append(style, canvas, notice);
  parent.append(root);
  return [root, notice];
}

export function nameStage(canvas: HTMLCanvasElement, network: string): void {
  canvas.setAttribute("aria-label", `3D view of the network ${network}. ${HELP}`);
}
