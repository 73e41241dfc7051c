"""A whole training: from a recipe and data to a weights file, with progress shown, and resumable."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from vizapp.nets import store
from vizapp.nets.data import Examples
from vizapp.nets.evaluate import accuracy, table
from vizapp.nets.network import Network
from vizapp.nets.recipe import Recipe
from vizapp.nets.scale import activation_scales
from vizapp.nets.state import Checkpoints, read_state, write_state
from vizapp.nets.trainer import Trainer

# Seconds between two writes of the state: what a crash can cost.
SAVE_EVERY = 60.0


def train(
    recipe: Recipe,
    digits: Examples,
    reference: Examples,
    output: Path,
    state: Path,
    strokes: Examples | None = None,
    held_out: Mapping[str, Examples] | None = None,
    about: Mapping[str, Any] | None = None,
) -> Network:
    """Train a network and write its weights file; an earlier, interrupted call is gone on with.

    Args:
        digits: the training images.
        reference: the test images, on which the accuracy and the scales of the activations are measured.
        output: the weights file to write.
        state: where the state of the training is kept until it is finished.
        strokes: rendered pen strokes to mix in.
        held_out: further named sets to measure the accuracy on.
        about: further metadata: what the data is. A training is resumed only if all this is the same.

    Raises:
        TrainingError: if it diverges, or the state file belongs to another training.
        KeyboardInterrupt: after Ctrl-C, the state being written.
    """
    trainer = Trainer(recipe, digits, strokes)
    identity = {"recipe": recipe.as_dict(), **(about or {})}
    checkpoints = read_state(state, identity, trainer) if state.exists() else Checkpoints()
    due = checkpoint_steps(trainer.steps)
    clean = reference.images / np.float32(255)
    bar = tqdm(
        total=trainer.steps, initial=trainer.step, desc=recipe.network, unit="step", dynamic_ncols=True
    )
    saved = time.monotonic()
    with bar, _deferred_interrupt() as interrupted:
        while True:
            if len(checkpoints.labels) < len(due) and trainer.step >= due[len(checkpoints.labels)]:
                checkpoints.add(trainer, accuracy(trainer.network(), clean, reference.labels))
            if trainer.step == trainer.steps:
                break
            loss, right = trainer.advance()
            bar.update()
            if trainer.step % 50 == 0:
                epoch = 1 + trainer.step // trainer.steps_per_epoch
                bar.set_postfix(epoch=epoch, loss=f"{loss:.3f}", accuracy=f"{right:.3f}", refresh=False)
            if interrupted.is_set() or time.monotonic() - saved > SAVE_EVERY:
                write_state(state, identity, trainer, checkpoints)
                saved = time.monotonic()
            if interrupted.is_set():
                raise KeyboardInterrupt
    network = trainer.network()
    measured = dict(table(network, reference.images, reference.labels))
    for name, examples in (held_out or {}).items():
        measured[name] = accuracy(network, examples.images / np.float32(255), examples.labels)
    metadata = {
        "network": recipe.network,
        "recipe": recipe.as_dict(),
        "seed": recipe.seed,
        "steps": trainer.steps,
        **(about or {}),
        "accuracy": {name: round(value, 4) for name, value in measured.items()},
        "checkpoints": checkpoints.labels,
        "scale": activation_scales(network, clean),
    }
    store.write(output, network.parameters, checkpoints.parameters, metadata)
    state.unlink(missing_ok=True)
    return network


def checkpoint_steps(steps: int, count: int = 20) -> list[int]:
    """The steps to keep, from 0 to `steps`: close together at first, when most is learned."""
    later = np.geomspace(10, max(steps, 11), count - 1).astype(int).clip(max=steps)
    return sorted({0, *later.tolist()})


@contextmanager
def _deferred_interrupt() -> Iterator[threading.Event]:
    """An event in place of SIGINT and SIGTERM: a step that is cut off half way could not be resumed."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: event.set()) for number in signals]
    try:
        yield event
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
