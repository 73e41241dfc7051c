/** What the inspector is made of: parts, one idea each, that are all shown the same node. */

import { h } from "../dom";
import type { Hub } from "../hub";
import type { CompareMessage, InspectionMessage } from "./messages";

/** What the parts share. */
export interface Pane {
  hub: Hub;
  /** CSS px that a part has from side to side. */
  width: number;
  /** Tables instead of pictures. */
  tables: boolean;
  compare: CompareMessage | null;
}

export interface Part {
  readonly root: HTMLElement;
  /** Shows a node, in place; hides itself where it has nothing to say of it. */
  show(message: InspectionMessage): void;
  /** What the pointer is on, in whichever pane. */
  point?(node: number | null): void;
}

export function section(title: string | HTMLElement, ...children: (Node | string)[]): HTMLElement {
  return h("section", {}, typeof title === "string" ? h("h3", {}, title) : title, ...children);
}

/** Set text where it changed: most of it does not, from one movement of the pen to the next. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function label(element: Element, text: string): void {
  if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
}

export function shown(element: HTMLElement, visible: boolean): boolean {
  if (element.hidden === visible) element.hidden = !visible;
  return visible;
}

/** Pointing at a node from within the inspector; it does not change what is inspected. */
export function pointAt(hub: Hub, node: number | null): void {
  hub.setFocus(node, ORIGIN);
}

export function pick(hub: Hub, nodes: number[], event?: MouseEvent): void {
  hub.send({ type: "pick", nodes, mode: event?.shiftKey ? "toggle" : "replace", origin: ORIGIN });
}

export const ORIGIN = "inspector";

/** Of something that stands for a node: pointing at it, or the keyboard's focus, points at the node; a click picks it. */
export function standsFor(hub: Hub, element: HTMLElement, node: () => number | null): void {
  const point = (): void => pointAt(hub, node());
  const leave = (): void => pointAt(hub, null);
  for (const type of ["pointerenter", "focus"]) element.addEventListener(type, point);
  for (const type of ["pointerleave", "blur"]) element.addEventListener(type, leave);
  element.addEventListener("click", (event) => {
    const picked = node();
    if (picked !== null) pick(hub, [picked], event);
  });
}
