"""The state of an interrupted training, kept in a file so that it can be resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
from numpy.typing import NDArray
from safetensors.numpy import load, save

from vizapp.nets.store import write_atomically
from vizapp.nets.trainer import Trainer, TrainingError

Array = NDArray[Any]


@dataclass
class Checkpoints:
    """What has been kept along the way: per checkpoint its parameters in half precision, and what it is."""

    parameters: list[Mapping[str, Array]] = field(default_factory=list)
    labels: list[dict[str, float]] = field(default_factory=list)

    def add(self, trainer: Trainer, accuracy: float) -> None:
        values = trainer.network().parameters.items()
        self.parameters.append({name: value.astype(np.float16) for name, value in values})
        epoch = round(trainer.step / trainer.steps_per_epoch, 4)
        self.labels.append({"step": trainer.step, "epoch": epoch, "accuracy": round(accuracy, 4)})


def write_state(path: Path, identity: Any, trainer: Trainer, checkpoints: Checkpoints) -> None:
    """Write the state of a training; `identity` is what must be the same when it goes on."""
    tensors = dict(trainer.vectors)
    for index, parameters in enumerate(checkpoints.parameters):
        tensors |= {f"{index}/{name}": value for name, value in parameters.items()}
    header = {"identity": identity, "step": trainer.step, "checkpoints": checkpoints.labels}
    write_atomically(path, save(tensors, {"training": json.dumps(header)}))


def read_state(path: Path, identity: Any, trainer: Trainer) -> Checkpoints:
    """Put a trainer where the state file left off.

    Raises:
        TrainingError: if the file is damaged, or belongs to a training with another recipe or other data.
    """
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            header = json.loads((file.metadata() or {})["training"])
        tensors = load(path.read_bytes())
        if header["identity"] != json.loads(json.dumps(identity)):
            raise TrainingError(f"{path} belongs to another training; remove it, or name another by --state")
        trainer.restore(int(header["step"]), tensors)
        labels = list(header["checkpoints"])
        parameters: list[Mapping[str, Array]] = [
            {name.partition("/")[2]: tensors[name] for name in tensors if name.startswith(f"{index}/")}
            for index in range(len(labels))
        ]
    except (OSError, KeyError, ValueError, safetensors.SafetensorError) as error:
        raise TrainingError(f"{path} is damaged ({error}); remove it to start the training anew") from error
    return Checkpoints(parameters, labels)
