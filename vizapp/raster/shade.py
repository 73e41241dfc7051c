"""From sums per pixel to 256 levels, with the numbers that an honest colour bar needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vizapp.jit import kernel, plain

Transfer = Literal["linear", "sqrt", "log", "eq_hist"]
TRANSFERS: tuple[Transfer, ...] = ("linear", "sqrt", "log", "eq_hist")
_LOG_RANGE = 1000.0  # log shows three decades: log(1 + 1000 t) / log(1001)
_BINS = 4096  # of the square root of the value, so that small values are told apart
_NOTHING = 1e-5  # of the limit: what rounding leaves in an empty pixel


@dataclass(frozen=True)
class Scale:
    """What the levels of a shaded image stand for: level = 255 * curve(|value| / limit)."""

    transfer: Transfer
    limit: float
    table: NDArray[np.float32] | None = None  # eq_hist: share of the pixels with less, by sqrt(t)

    def value(self, share: float | NDArray[np.floating]) -> NDArray[np.float64]:
        """The magnitude shown at a share 0..1 of the colour bar."""
        u = np.clip(np.asarray(share, dtype=np.float64), 0, 1)
        if self.transfer == "sqrt":
            t = u * u
        elif self.transfer == "log":
            t = np.expm1(u * np.log1p(_LOG_RANGE)) / _LOG_RANGE
        elif self.transfer == "eq_hist":
            assert self.table is not None
            t = (np.searchsorted(self.table, u.astype(np.float32)) / (_BINS - 1)) ** 2
        else:
            t = u
        return np.asarray(t * self.limit)

    def share(self, magnitude: NDArray[np.floating]) -> NDArray[np.float32]:
        """Where magnitudes stand on the colour bar, 0..1; nothing clips unless `limit` was given too low."""
        t: NDArray[np.float32] = np.abs(magnitude).astype(np.float32, copy=False)
        if self.limit <= 0:
            t[...] = 0
            return t
        t *= np.float32(1 / self.limit)
        np.minimum(t, np.float32(1), out=t)
        if self.transfer == "log":
            t *= np.float32(_LOG_RANGE)
            t += np.float32(1)
            np.log(t, out=t)
            t *= np.float32(1 / np.log1p(_LOG_RANGE))
        elif self.transfer != "linear":
            np.sqrt(t, out=t)
        if self.table is not None:
            t = self.table[(t * np.float32(_BINS - 1) + np.float32(0.5)).astype(np.uint16)]
        return t


@kernel
def _histogram(image, limit, nothing, counts):  # type: ignore[no-untyped-def]
    """Count the magnitudes of `image` by their square root; what is next to nothing is left out."""
    for value in image.flat:
        t = min(abs(value) / limit, np.float32(1))
        if t > nothing:
            counts[int(np.sqrt(t) * (counts.size - 1) + np.float32(0.5))] += 1


def scale_for(*images: NDArray[np.float32], transfer: Transfer = "sqrt", limit: float | None = None) -> Scale:
    """One scale for images that are shown together, from their greatest magnitude unless `limit` is given."""
    if transfer not in TRANSFERS:
        raise ValueError(f"transfer must be one of {', '.join(TRANSFERS)}, not {transfer!r}")
    if limit is None:
        limit = max(max(float(image.max()), -float(image.min())) for image in images)
    if transfer != "eq_hist":
        return Scale(transfer, limit)
    counts = np.zeros(_BINS, dtype=np.int64)
    if limit > 0:
        for image in images:
            _histogram(plain(image), np.float32(limit), np.float32(_NOTHING), counts)
    covered = counts.sum()
    table = np.cumsum(counts) / max(covered, 1)
    table[0] = 0
    return Scale(transfer, limit, table.astype(np.float32))


def shade(image: NDArray[np.float32], scale: Scale, levels: int = 256) -> NDArray[np.uint8]:
    """uint8 of the same shape: 0 is nothing, 255 the limit. Values are taken as magnitudes.

    Fewer `levels` (at least 2) are spread over 0..255: the image then compresses better.
    """
    return _quantised(scale.share(np.maximum(image, 0)), levels - 1, 255)


def shade_signed(image: NDArray[np.float32], scale: Scale, levels: int = 256) -> NDArray[np.uint8]:
    """uint8 of the same shape around 128: 255 is +limit, 1 is -limit."""
    size = _quantised(scale.share(image), levels // 2 - 1, 127)
    return np.where(image < 0, 128 - size, 128 + size).astype(np.uint8)


def parts(
    magnitude: NDArray[np.float32], signed: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Sum of the positive and of the negative contributions (both as magnitudes), for two hues.

    |c| = c+ + c- and c = c+ - c- hold edge by edge, so they hold for the sums.
    """
    half = np.float32(0.5)
    return np.maximum((magnitude + signed) * half, 0), np.maximum((magnitude - signed) * half, 0)


def reduced(image: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """The mean of each `factor` x `factor` pixels: less to send while the pen moves, as bright as before.

    Raises ValueError unless both sides are multiples of `factor`.
    """
    height, width = image.shape
    if factor < 1 or height % factor or width % factor:
        raise ValueError(f"{width} x {height} pixels cannot be reduced {factor} times")
    columns = image.reshape(height, width // factor, factor)
    sums = columns[:, :, 0].copy()
    for i in range(1, factor):
        sums += columns[:, :, i]
    rows = sums.reshape(height // factor, factor, width // factor)
    total: NDArray[np.float32] = rows[:, 0].copy()
    for i in range(1, factor):
        total += rows[:, i]
    total *= np.float32(1 / factor**2)
    return total


def _quantised(share: NDArray[np.float32], steps: int, top: int) -> NDArray[np.uint8]:
    if not 1 <= steps <= top:
        raise ValueError("levels must be from 2 to 256")
    if steps == top:
        return (share * np.float32(top) + np.float32(0.5)).astype(np.uint8)
    table = np.round(np.arange(steps + 1) * (top / steps)).astype(np.uint8)
    return table[(share * np.float32(steps) + np.float32(0.5)).astype(np.uint8)]
