"""A bare page with nothing on it but the 3D scene, and a synthetic network with the real layout of `cnn`."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

from vizapp.nets.layout import Layout, load_layout
from vizapp.nets.network import Network
from vizapp.nets.zoo import random

BUNDLE = Path(__file__).parents[2] / "vizapp" / "views" / "dist" / "scene.js"
ORIGIN = "http://scene.test"

PAGE = """<!doctype html><meta charset="utf-8"><title>scene</title>
<style>
  html, body { margin: 0; font: 13px system-ui, sans-serif }
  #pane { width: 100vw; height: 100vh }
</style>
<div id="pane"></div>
<script type="module">
  import { NetworkScene } from "./scene.js";
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const floats = (text) => new Float32Array(bytes(text).buffer);
  window.bytes = bytes;
  window.NetworkScene = NetworkScene;
  window.start = (document_) => {
    const network = { ...document_ };
    for (const key of ["positions", "flat", "size", "flatSize"]) network[key] = floats(network[key]);
    window.network = network;
    window.scene = new NetworkScene(document.getElementById("pane"));
    window.hovers = [];
    window.picks = [];
    scene.onHover = (node) => hovers.push(node);
    scene.onPick = (node, event) => picks.push([node, event.shift]);
    scene.setNetwork(network);
  };
  // Resolves with the tag once the frame that shows these levels has been drawn and read back.
  window.show = (levels, tag) => new Promise((done) => {
    scene.onPainted = (painted) => { if (painted === tag) done(tag); };
    scene.setLevels(levels, tag);
  });
  window.rest = async () => {  // until nothing has been drawn for three frames
    for (let still = 0, last = -1; still < 3; still = scene.frames === last ? still + 1 : 0) {
      last = scene.frames;
      await new Promise(requestAnimationFrame);
    }
  };
  window.ready = true;
</script>"""


def open_scene(page: Page, document: dict[str, Any] | None) -> None:
    """Load the bundle on an empty page, and start the scene with `document` unless it is None."""

    def answer(route: Any) -> None:
        if route.request.url.endswith("scene.js"):
            route.fulfill(body=BUNDLE.read_bytes(), content_type="text/javascript")
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")
    page.wait_for_function("window.ready")
    if document is not None:
        page.evaluate("start", document)
        page.evaluate("rest()")


def network(name: str = "cnn") -> Network:
    """The architecture, with parameters that do not matter here."""
    return random(name)


def encode(array: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def scene_document(net: Network, signed: tuple[str, ...] = ("output",)) -> dict[str, Any]:
    """What NetworkScene.setNetwork takes, with arrays as base64 of float32."""
    layout: Layout = load_layout(net)
    layers = []
    for index, layer in enumerate(net.layers):
        maps = layer.shape[0] if len(layer.shape) == 3 else 1
        grid = "×".join(str(n) for n in layer.shape[-2:])
        layers.append(
            {
                "name": layer.name,
                "label": layout.labels[index],
                "detail": f"{maps} × {grid}" if maps > 1 else grid,
                "offset": int(net.offsets[index]),
                "count": int(net.offsets[index + 1] - net.offsets[index]),
                "signed": layer.name in signed,
            }
        )
    return {
        "name": net.name,
        "layers": layers,
        "blocks": [{"first": block.first, "count": block.count} for block in layout.blocks],
        "positions": encode(layout.positions.astype(np.float32)),
        "flat": encode(layout.flat.astype(np.float32)),
        "size": encode(layout.size.astype(np.float32)),
        "flatSize": encode(layout.flat_size.astype(np.float32)),
        "cameras": {
            key: {"position": list(camera.position), "target": list(camera.target)}
            for key, camera in layout.cameras.items()
        },
        "outputs": [{"node": int(net.offsets[-2]) + digit, "text": str(digit)} for digit in range(10)],
    }
