"""Logits of many images, and their gradients with respect to the pixels: batched, and without keeping traces.

A trace has every value of every node; where only logits are wanted, as for some hundred changed versions of a
drawing, copying those values would cost more than computing them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.backward import BackwardPlan
from vizapp.nets.layers import Input
from vizapp.nets.network import CHUNK, Network

Array = NDArray[Any]


def logits(network: Network, images: Array) -> Array:
    """[B, classes] for images [B, rows, columns] of ink, 0 to 1; the same as `forward(images).logits`.

    Raises:
        ValueError: if the images are not of the shape of the input layer.
    """
    images = _checked(network, images)
    span = network.span(network.layers[-1].name)
    found = np.empty((len(images), span.stop - span.start), network.dtype)
    width = _width(images)
    plan = network.plan(width, whole=width == 1)
    for start in range(0, len(images), width):
        chunk = images[start : start + width]
        plan.run(_filled(chunk, width))
        found[start : start + width] = plan.pre[span, : len(chunk)].T
    return found


def pixel_gradients(
    network: Network, images: Array, functional: Array | Callable[[Array], Array]
) -> tuple[Array, Array]:
    """Logits [B, classes], and the gradients [B, rows, columns] of Σ_c k_c z_c with respect to the pixels.

    Args:
        images: [B, rows, columns] of ink, 0 to 1.
        functional: the k, [classes] for all images or [B, classes]; or a function that makes the k of some images,
            [b, classes], from their logits, [b, classes].

    Raises:
        ValueError: for images or a functional of another shape.
    """
    images = _checked(network, images)
    output = network.span(network.layers[-1].name)
    source = network.layers[0]
    assert isinstance(source, Input)
    inputs = network.span(source.name)
    found = np.empty((len(images), output.stop - output.start), network.dtype)
    if not callable(functional):
        functional = np.broadcast_to(functional, found.shape)
    gradients = np.empty(images.shape, network.dtype)
    width, top = _width(images), len(network.layers) - 1
    plan = network.plan(width)
    backward = _backward(network, width)
    for start in range(0, len(images), width):
        chunk = images[start : start + width]
        count = len(chunk)
        plan.run(_filled(chunk, width))
        here = slice(start, start + count)
        found[here] = plan.pre[output, :count].T
        wanted = functional(found[here]) if callable(functional) else functional[here]
        backward.seed(top, _filled(wanted, width).T)
        backward.run(top)
        framed = backward.activation[inputs].reshape(*source.shape[1:], width)
        pad, (rows, columns) = source.pad, source.image_shape
        inner = framed[pad : pad + rows, pad : pad + columns, :count]
        gradients[here] = inner.transpose(2, 0, 1)
    return found, gradients


def _checked(network: Network, images: Array) -> Array:
    images = np.asarray(images, network.dtype)
    if images.ndim != 3 or images.shape[1:] != network.image_shape:
        rows, columns = network.image_shape
        raise ValueError(f"images have shape {images.shape}; {network.name} takes (B, {rows}, {columns})")
    return images


def _width(images: Array) -> int:
    return 1 if len(images) == 1 else CHUNK


def _filled(rows: Array, width: int) -> Array:
    """[width, …]: the rows, and zeros."""
    if len(rows) == width:
        return rows
    return np.concatenate([rows, np.zeros((width - len(rows), *rows.shape[1:]), rows.dtype)])


_local = threading.local()  # plans are not thread-safe: each thread has its own


def _backward(network: Network, width: int) -> BackwardPlan:
    plans: WeakKeyDictionary[Network, dict[int, BackwardPlan]]
    plans = _local.__dict__.setdefault("plans", WeakKeyDictionary())
    widths = plans.setdefault(network, {})
    if width not in widths:
        widths[width] = BackwardPlan(network.layers, network.plan(width))
    return widths[width]
