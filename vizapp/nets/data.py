"""The MNIST data: read from a directory, or fetched once into the user's cache.

Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", CC BY-SA 3.0.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/"

# SHA-256 of the four files as they are published.
FILES = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}

# The largest file of MNIST has 47 million bytes; nothing larger is unpacked.
MAX_BYTES = 200_000_000


class DataError(ValueError):
    """Training or test data that cannot be used; the message is one sentence for the person who gave it."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Images uint8[n, 28, 28], 255 being full ink, and their labels uint8[n], 0 to 9."""

    images: Array
    labels: Array

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Mnist:
    """The two sets, and the SHA-256 of each file's content, unpacked."""

    training: Examples
    test: Examples
    digests: dict[str, str]


def fetch(directory: str | Path | None = None, mirror: str = MIRROR) -> Path:
    """The directory with the four files, after fetching those that are not there yet.

    Args:
        directory: where they go; by default the user's cache.

    Raises:
        DataError: if a file cannot be had, or is not the one that was published.
    """
    import pooch  # here, since the app itself never fetches anything

    target = Path(directory) if directory else Path(pooch.os_cache("vizapp")) / "mnist"
    library = pooch.create(
        path=target, base_url=mirror, registry={k: f"sha256:{v}" for k, v in FILES.items()}
    )
    for name in FILES:
        try:
            library.fetch(name)
        except Exception as error:  # whatever the network, the mirror or the disk come up with
            raise DataError(
                f"MNIST cannot be fetched from {mirror} ({error}); "
                f"give a directory with {', '.join(FILES)} by --data"
            ) from error
    return target


def mnist(directory: str | Path) -> Mnist:
    """Read MNIST from a directory that holds its four files, gzipped.

    Raises:
        DataError: if a file is missing, damaged, or does not fit its partner.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise DataError(f"there is no directory {directory} with the MNIST files")
    digests: dict[str, str] = {}
    sets = []
    for prefix in ("train", "t10k"):
        images = _read(directory / f"{prefix}-images-idx3-ubyte.gz", (28, 28), digests)
        labels = _read(directory / f"{prefix}-labels-idx1-ubyte.gz", (), digests)
        if len(images) != len(labels):
            raise DataError(
                f"{directory} has {len(images)} {prefix} images, but {len(labels)} labels for them"
            )
        if len(labels) == 0 or labels.max() > 9:
            raise DataError(f"the {prefix} labels in {directory} are not digits")
        sets.append(Examples(images, labels))
    return Mnist(sets[0], sets[1], digests)


def _read(path: Path, shape: tuple[int, ...], digests: dict[str, str]) -> Array:
    """The array in an idx file: two zero bytes, type 8 (bytes), the number of axes, their lengths, the data."""
    try:
        with gzip.open(path) as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DataError(f"{path.parent} has no file {path.name}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be unpacked: {error}") from error
    if len(content) > MAX_BYTES:
        raise DataError(f"{path} is too large to be MNIST")
    axes = 1 + len(shape)
    start = 4 + 4 * axes
    lengths = tuple(np.frombuffer(content[4:start], ">u4").tolist()) if len(content) >= start else ()
    if content[:4] != bytes([0, 0, 8, axes]) or lengths[1:] != shape:
        raise DataError(f"{path} is not an idx file of {'images of 28 × 28' if shape else 'labels'}")
    if len(content) != start + int(np.prod(lengths, dtype=np.int64)):
        raise DataError(f"{path} is cut off: it has {len(content)} bytes, which does not fit its header")
    digests[path.name.removesuffix(".gz")] = hashlib.sha256(content).hexdigest()
    return np.frombuffer(content, np.uint8, offset=start).reshape(lengths)
