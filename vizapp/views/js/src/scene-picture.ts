/** Pictures of the 3D scene: true vectors as SVG, the scene's own pixels with labels over them as PNG. */

import type { Hub } from "./hub";
import { drawOver, offer, RESOLUTION, sheet, svgDocument } from "./pictures";
import type { NetworkScene } from "./scene/scene";
import { labels, vector } from "./scene/vector";

export function offerScene(hub: Hub, scene: NetworkScene): void {
  const title = (): string => `3D view of the network ${hub.network?.title ?? ""}`;
  offer(hub, "scene", {
    svg: () => {
      const { picture } = scene;
      const [width, height] = picture.size;
      return svgDocument(width, height, title(), vector(picture), picture.theme.background);
    },
    png: async () => {
      const { picture } = scene;
      const [width, height] = picture.size;
      const canvas = sheet(width, height);
      const draw = (pixels: HTMLCanvasElement): void => canvas.getContext("2d")!.drawImage(pixels, 0, 0, canvas.width, canvas.height);
      scene.snapshot(RESOLUTION, draw);
      draw(picture.hover.element);
      await drawOver(canvas, svgDocument(width, height, title(), labels(picture), "none"));
      return canvas;
    },
  });
}
