"""How kernels are compiled: without the GIL, kept on disk between starts if possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Kernel = Callable[..., Any]


def plain(values: ArrayLike, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """`values` as the kernels are compiled for: contiguous and writeable; else they would compile anew."""
    return np.require(values, dtype, ("C", "W"))


def kernel(function: Kernel) -> Kernel:
    """Compile `function` on its first call with given types, without the GIL.

    Numba keeps the code beside the source or, where that is read-only, in the user's cache folder (or in
    NUMBA_CACHE_DIR). Where none of them can be written, as in a hardened container, it would refuse to
    import; then the kernels are compiled anew at each start, in the background (see `raster.warm` and
    `inputs.morphs.warm_up`). A shared temporary folder is no way out: whoever can write there could plant code.

    The kept code is renewed when the kernel's own file changes. A kernel that calls one of another file (those
    of `tiles` call `lines.draw`) must be touched with it.

    No `fastmath`: pixels must be those of Datashader, so additions keep their order.
    """
    compiled: Kernel
    try:
        compiled = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        compiled = numba.njit(nogil=True)(function)
    return compiled
