/** Pictures of a pane made of HTML: a copy of it, with its styles and what its canvases show, inside an SVG. */

import { STYLES } from "./component";
import type { Hub } from "./hub";
import { offer, svgDocument } from "./pictures";

const MARGIN = 12;

/** `within`: a class of what it stands in, if its styles need that. */
export function offerElement(hub: Hub, pane: string, title: string, element: HTMLElement, within = ""): void {
  offer(hub, pane, {
    svg: () => {
      const [width, height] = [element.offsetWidth + 2 * MARGIN, element.scrollHeight + 2 * MARGIN];
      if (!element.offsetWidth) throw new Error("Open the pane first, to take a picture of it.");
      const style = document.createElement("style");
      // There is no shadow root in a picture.
      style.textContent = STYLES.replace(/:host\b/g, ".host");
      const page = document.createElement("div");
      page.className = "host";
      page.setAttribute("style", `${variables(element)} width: ${element.offsetWidth}px; padding: ${MARGIN}px; box-sizing: content-box;`);
      const around = document.createElement("div");
      around.className = within;
      around.append(copyOf(element));
      page.append(style, around);
      const content = new XMLSerializer().serializeToString(page);
      return svgDocument(width, height, title, `<foreignObject width="100%" height="100%">${content}</foreignObject>`);
    },
  });
}

/** The page's colours and fonts, as they are here and now. */
function variables(element: HTMLElement): string {
  const here = getComputedStyle(element);
  const names = new Set([...STYLES.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  return [...names].map((name) => [name, here.getPropertyValue(name)]).filter(([, value]) => value).map(([name, value]) => `${name}: ${value};`).join(" ");
}

function copyOf(element: HTMLElement): HTMLElement {
  const copy = element.cloneNode(true) as HTMLElement;
  const pictures = copy.querySelectorAll("canvas");
  element.querySelectorAll("canvas").forEach((canvas, i) => {
    const image = document.createElement("img");
    const { display, imageRendering, borderRadius } = getComputedStyle(canvas);
    const { clientWidth, clientHeight } = canvas;
    image.className = canvas.className;
    Object.assign(image.style, { display, imageRendering, borderRadius, width: `${clientWidth}px`, height: `${clientHeight}px` });
    image.alt = canvas.getAttribute("aria-label") ?? "";
    image.src = canvas.width && canvas.height ? canvas.toDataURL() : "";
    pictures[i].replaceWith(image);
  });
  const fields = copy.querySelectorAll("input");
  element.querySelectorAll("input").forEach((field, i) => {
    fields[i].toggleAttribute("checked", field.checked);
    fields[i].setAttribute("value", field.value);
  });
  return copy;
}
