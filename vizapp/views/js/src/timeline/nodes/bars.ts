/** Shares of nodes as bars about zero, the largest first, and all smaller ones together. */

import { h, number } from "../../dom";
import type { Hub } from "../../hub";
import { nodeName } from "../../network";
import { modeOf } from "../../selecting";
import type { NetworkMessage } from "../../wire";
import type { NodeSplitMessage } from "./messages";
import { ORIGIN, pick } from "./side";

const MOST = 10;

export class Bars {
  readonly root = h("ol", { class: "shares num", "aria-label": "Largest shares" });
  private shown: Node[] = [];

  constructor(
    private readonly hub: Hub,
    private readonly say: (text: string) => void,
  ) {
    hub.on("focus", ({ node }) => this.mark(node));
    hub.on("selection", () => this.select());
  }

  show(message: NodeSplitMessage, network: NetworkMessage): void {
    const { nodes, shares, a, b, total } = message;
    const largest = Array.from(nodes.subarray(0, MOST));
    const rest = total - largest.reduce((sum, _, i) => sum + shares[i], 0);
    const scale = Math.max(Math.abs(shares[0] ?? 0), Math.abs(rest)) || 1;
    // A node keeps its button while the pointer or the keyboard is on it.
    while (this.shown.length < largest.length) this.add();
    for (const row of this.shown.splice(largest.length)) row.item.remove();
    largest.forEach((node, i) => {
      const share = shares[i];
      this.shown[i].set(node, nodeName(network, node), share, scale, share > 0 ? a : b, explained(message, i, network));
    });
    let last = this.root.querySelector(".rest");
    if (!last) this.root.append((last = h("li", { class: "rest" })));
    const left = nodes.length - largest.length;
    last.replaceChildren(h("span", { class: "name" }, left === 1 ? "and a smaller one" : `and ${left} smaller ones`), track(rest, scale), h("span", { class: "value" }, signed(rest)), h("span", { class: "for" }, rest ? `for ${rest > 0 ? a : b}` : ""));
    this.select();
  }

  private add(): void {
    const row = new Node(this.hub, this.say);
    this.shown.push(row);
    this.root.insertBefore(row.item, this.root.querySelector(".rest"));
  }

  private mark(node: number | null): void {
    for (const row of this.shown) row.item.classList.toggle("pointed", row.node === node);
  }

  private select(): void {
    for (const row of this.shown) row.button.setAttribute("aria-pressed", String(this.hub.selection.includes(row.node)));
  }
}

class Node {
  node = -1;
  readonly button = h("button", { type: "button" });
  readonly item = h("li", {}, this.button);
  private text = "";

  constructor(hub: Hub, say: (text: string) => void) {
    const point = (): void => {
      hub.setFocus(this.node, ORIGIN);
      say(this.text);
    };
    const leave = (): void => {
      hub.setFocus(null, ORIGIN);
      say("");
    };
    for (const type of ["pointerenter", "focus"]) this.button.addEventListener(type, point);
    for (const type of ["pointerleave", "blur"]) this.button.addEventListener(type, leave);
    this.button.addEventListener("click", (event) => pick(hub, [this.node], modeOf(event)));
  }

  set(node: number, name: string, share: number, scale: number, label: number, text: string): void {
    this.node = node;
    this.text = text;
    this.button.title = text;
    this.button.dataset.node = String(node);
    this.button.replaceChildren(h("span", { class: "name" }, name), track(share, scale), h("span", { class: "value" }, signed(share)), h("span", { class: "for" }, share ? `for ${label}` : ""));
  }
}

function track(share: number, scale: number): HTMLElement {
  const bar = h("span", { class: share < 0 ? "share-bar minus" : "share-bar" });
  const width = 50 * Math.min(1, Math.abs(share) / scale);
  bar.style.left = `${(share < 0 ? 50 - width : 50).toFixed(2)}%`;
  bar.style.width = `${width.toFixed(2)}%`;
  return h("span", { class: "track" }, bar);
}

function explained({ nodes, weights, before, after, shares, a, b }: NodeSplitMessage, i: number, network: NetworkMessage): string {
  return `${nodeName(network, nodes[i])}: weight to ${a} − weight to ${b} = ${number(weights[i])}, times its change from ${number(before[i])} to ${number(after[i])} = ${signed(shares[i])}`;
}

function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}
