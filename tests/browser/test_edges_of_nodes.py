"""The audit of what the browser computes by itself: the edges of every node, from the network's message.

See tests/views/test_audit.py for what the server says.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from vizapp import nets
from vizapp.nets.layout import load_layout
from vizapp.views import wire

BUNDLE = Path(wire.__file__).parent / "dist" / "network.js"
ORIGIN = "http://network.test"
PAGE = """<!doctype html><meta charset="utf-8"><title>edges</title>
<script type="module">
  import * as geometry from "./network.js";
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const text = (array) => {
    const all = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let out = "";
    for (let i = 0; i < all.length; i += 30000) out += String.fromCharCode(...all.subarray(i, i + 30000));
    return btoa(out);
  };
  // All edges of all nodes, one node after the other.
  window.everything = (network) => {
    for (const [name, value] of Object.entries(network.parameters)) {
      network.parameters[name] = new Float32Array(bytes(value).buffer);
    }
    const last = network.layers.at(-1);
    const names = [], counts = [], nodes = [], weights = [];
    for (let node = 0; node < last.offset + last.count; node++) {
      const edges = geometry.edgesInto(network, node);
      if (edges.nodes.length !== edges.weights.length) throw new Error(`${node}: as many weights as nodes`);
      names.push(geometry.nodeName(network, node));
      counts.push(edges.nodes.length);
      nodes.push(...edges.nodes);
      weights.push(...edges.weights);
    }
    return { names, counts, nodes: text(new Uint32Array(nodes)), weights: text(new Float32Array(weights)) };
  };
  window.ready = true;
</script>"""


def answer(route: Any) -> None:
    if route.request.url.endswith("network.js"):
        route.fulfill(body=BUNDLE.read_bytes(), content_type="text/javascript")
    else:
        route.fulfill(body=PAGE, content_type="text/html")


def as_sent(name: str) -> dict[str, Any]:
    """The parts of the network's message that edges follow from; arrays as base64."""
    network = nets.load(name)
    message = wire.network_message(network, load_layout(network))
    parameters = {
        key: base64.b64encode(value.tobytes()).decode() for key, value in message["parameters"].items()
    }
    return {"name": name, "layers": message["layers"], "parameters": parameters}


@pytest.mark.parametrize("name", nets.names())
def test_the_browser_knows_every_edge_with_its_own_weight(page: Page, name: str) -> None:
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")
    page.wait_for_function("window.ready")
    told = page.evaluate("(text) => everything(JSON.parse(text))", json.dumps(as_sent(name)))

    network = nets.load(name)
    assert told["names"] == [network.node_name(node) for node in range(network.n_nodes)]
    sources = np.frombuffer(base64.b64decode(told["nodes"]), np.uint32)
    weights = np.frombuffer(base64.b64decode(told["weights"]), np.float32)
    assert len(sources) == len(weights) == network.n_edges
    starts = np.cumsum([0, *told["counts"]])
    for node in range(network.n_nodes):
        edges, part = network.edges_into(node), slice(starts[node], starts[node + 1])
        np.testing.assert_array_equal(sources[part], edges.source, network.node_name(node))
        np.testing.assert_array_equal(weights[part], edges.weight, network.node_name(node))
