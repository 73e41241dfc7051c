"""How long the 3D scene takes, in the Chromium at hand: `python tests/browser/bench_scene.py`.

A frame's time ends when its pixels have been read back, so it holds the GPU's work too. Frames are timed one
by one, without waiting for the screen's refresh.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from chromium import PLAIN_FLAGS, find
from playwright.sync_api import sync_playwright
from scene_page import encode, network, open_scene, scene_document

FRAMES = 40

MEASURE = """
async (frames) => {
  const gl = scene.canvas.getContext("webgl2");
  const pixel = new Uint8Array(4);
  const levels = new Uint8Array(network.size.length);
  // Runs `change`, waits for the frame that it leads to, and for its pixels.
  const time = async (change) => {
    const before = scene.frames;
    const start = performance.now();
    change();
    while (scene.frames === before) await new Promise(requestAnimationFrame);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return performance.now() - start;
  };
  const bare = [];   // what waiting for a frame costs by itself
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    await new Promise(requestAnimationFrame);
    bare.push(performance.now() - start);
  }
  const turn = [], update = [], painted = [], picks = [], edges = [];
  const rotate = () => scene.canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
  for (let i = 0; i < frames; i++) turn.push(await time(rotate));
  for (let i = 0; i < frames; i++) {
    for (let n = 0; n < levels.length; n++) levels[n] = (n * 7 + i * 31) & 255;
    update.push(await time(() => scene.setLevels(levels, i)));
    const start = performance.now();
    await show(levels, -i);
    painted.push(performance.now() - start);
  }
  const { width, height } = scene.canvas.getBoundingClientRect();
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    scene.under([width * (0.2 + 0.6 * (i / frames)), height * 0.6]);
    picks.push(performance.now() - start);
  }
  const count = 20000, source = new Uint32Array(count), target = new Uint32Array(count);
  const rgba = new Uint8Array(4 * count).fill(120);
  const last = network.size.length;
  for (let i = 0; i < count; i++) {
    source[i] = (i * 37) % 1024;
    target[i] = 1024 + ((i * 101) % (last - 1024));
  }
  for (let i = 0; i < frames; i++) edges.push(await time(() => scene.setEdges(source, target, rgba)));
  scene.setEdges(new Uint32Array(0), new Uint32Array(0), new Uint8Array(0));
  return {
    "animation frame alone": bare, "camera turn": turn, "levels": update, "levels to onPainted": painted,
    "pick": picks, "20,000 edges": edges,
  };
}
"""


def main() -> None:
    results = {}
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=PLAIN_FLAGS)
        for name in ("mlp", "cnn"):
            page = browser.new_page(viewport={"width": 600, "height": 600})
            net = network(name)
            open_scene(page, scene_document(net))
            levels = encode((np.arange(net.n_nodes) * 7 % 256).astype(np.uint8))
            page.evaluate("async (levels) => { await show(bytes(levels), 0); await rest(); }", levels)
            times = page.evaluate(MEASURE, FRAMES)
            for what, samples in times.items():
                ordered = sorted(samples)
                results[f"{name}: {what}"] = {
                    "median": round(ordered[len(ordered) // 2], 2),
                    "p95": round(ordered[int(0.95 * len(ordered))], 2),
                }
            page.close()
    if "--json" in sys.argv:
        print(json.dumps(results))
        return
    print(f"{'ms':>36}  median     p95")
    for what, row in results.items():
        print(f"{what:>36}  {row['median']:6.2f}  {row['p95']:6.2f}")


if __name__ == "__main__":
    main()
