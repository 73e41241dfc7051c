"""Weights on disk: safetensors files, written atomically and checked in full when read.

A file holds the parameters as float32 under "conv1.weight" and so on, checkpoints of the training as half
precision under "checkpoint.07/conv1.weight", and in its metadata, as JSON texts, how all that came to be.
Never pickle: a weights file is data from somewhere, and reading it must not be able to run anything.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
from numpy.typing import NDArray
from safetensors.numpy import save

Array = NDArray[Any]

FORMAT = "1"
# Far more than any network here needs, far less than what would hurt a server.
MAX_BYTES = 200_000_000
CHECKPOINT = "checkpoint."


class NetworkError(ValueError):
    """A network that cannot be loaded: an unknown name, or a file that is not what it should be."""


class Store:
    """A weights file opened for reading; arrays are read when they are asked for.

    Attributes:
        path: the file.
        metadata: what the file says about itself: text keys to JSON values.

    Raises:
        NetworkError: if the file is missing, too large, damaged, or of another format.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            size = self.path.stat().st_size
            if size > MAX_BYTES:
                raise NetworkError(f"{self.path.name} has {size} bytes; no weights file is that large")
            with self._open() as file:
                self._names = frozenset(file.keys())
                header = file.metadata() or {}
        except FileNotFoundError:
            raise NetworkError(f"there is no weights file {self.path}") from None
        except OSError as error:
            raise NetworkError(f"{self.path} cannot be read: {error.strerror or error}") from error
        except safetensors.SafetensorError as error:
            raise NetworkError(f"{self.path.name} is not a whole safetensors file: {error}") from error
        if header.get("format") != FORMAT:
            raise NetworkError(f"{self.path.name} is of format {header.get('format')!r}, not {FORMAT!r}")
        try:
            self.metadata: dict[str, Any] = {key: json.loads(text) for key, text in header.items()}
        except ValueError as error:
            raise NetworkError(f"{self.path.name} has metadata that is not JSON: {error}") from error

    def _open(self) -> Any:
        return safetensors.safe_open(self.path, framework="numpy")

    def parameters(self, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
        """The parameters, read-only float32 arrays of just the names and shapes asked for.

        Raises:
            NetworkError: if one is missing, surplus, of another shape or type, or not finite.
        """
        present = {name for name in self._names if not name.startswith(CHECKPOINT)}
        return self._read(present, "", shapes, np.dtype(np.float32))

    def checkpoint(self, index: int, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
        """The parameters of checkpoint number `index`, read-only float32 arrays (from half precision).

        Raises:
            NetworkError: as for `parameters`.
        """
        prefix = checkpoint_prefix(index)
        present = {name.removeprefix(prefix) for name in self._names if name.startswith(prefix)}
        return self._read(present, prefix, shapes, np.dtype(np.float16))

    def _read(
        self, present: set[str], prefix: str, shapes: Mapping[str, tuple[int, ...]], dtype: np.dtype[Any]
    ) -> dict[str, Array]:
        if present != set(shapes):
            missing, surplus = sorted(set(shapes) - present), sorted(present - set(shapes))
            problem = (
                f"lacks {missing[0]!r}" if missing else f"has {surplus[0]!r}, which does not belong there"
            )
            raise NetworkError(f"{self.path.name} {problem}")
        arrays: dict[str, Array] = {}
        try:
            with self._open() as file:
                for name, shape in shapes.items():
                    found = tuple(file.get_slice(prefix + name).get_shape())
                    if found != shape:
                        raise NetworkError(f"{self.path.name}: {prefix}{name} has shape {found}, not {shape}")
                    value = file.get_tensor(prefix + name)
                    if value.dtype != dtype:
                        raise NetworkError(f"{self.path.name}: {prefix}{name} is {value.dtype}, not {dtype}")
                    if not np.isfinite(value).all():
                        raise NetworkError(f"{self.path.name}: {prefix}{name} has values that are not finite")
                    value = value.astype(np.float32)
                    value.flags.writeable = False
                    arrays[name] = value
        except (OSError, safetensors.SafetensorError, TypeError) as error:
            raise NetworkError(f"{self.path.name} cannot be read: {error}") from error
        return arrays


def write(
    path: str | Path,
    parameters: Mapping[str, Array],
    checkpoints: list[Mapping[str, Array]],
    metadata: Mapping[str, Any],
) -> None:
    """Write a weights file; a file that was there stays whole until the new one is complete."""
    tensors = {name: np.ascontiguousarray(value, np.float32) for name, value in parameters.items()}
    for index, checkpoint in enumerate(checkpoints):
        for name, value in checkpoint.items():
            tensors[checkpoint_prefix(index) + name] = np.ascontiguousarray(value, np.float16)
    header = {key: json.dumps(value, ensure_ascii=False) for key, value in metadata.items()}
    write_atomically(Path(path), _in_order(save(tensors, {**header, "format": FORMAT})))


def _in_order(content: bytes) -> bytes:
    """The same safetensors file with sorted metadata: its library writes them in another order every time."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode().rstrip()
    padded = text.ljust(-len(text) % 8 + len(text))  # the data must start at a multiple of 8
    return len(padded).to_bytes(8, "little") + padded + content[8 + length :]


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file by `content` in one step, making its directory if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def checkpoint_prefix(index: int) -> str:
    return f"{CHECKPOINT}{index:02d}/"
