"""The compact form of an operator: for each strip of the image and each source node, tiles of 16 pixels.

A tile is 16 neighbouring pixels of the flat image, as 16 whole numbers and one scale. Strips of at most
`STRIP` pixels stay in the first-level cache while all sources add to them: the numbers, read once and in
order, are then all that moves (6 instead of 9 ms for 424,904 edges at 1000 x 600).
"""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.extending import intrinsic

from vizapp.raster.jit import kernel
from vizapp.raster.lines import draw

TILE = 16
STRIP = 8192  # pixels: 32 kB of float32


@intrinsic
def _add_tile(typing, image, at, tiles, tile, factor):
    """image[at : at + 16] += factor * tiles[tile], as one vector operation.

    A loop of 16 would be guarded by a test whether `image` and `tiles` overlap, in every tile.
    """

    def generate(context, builder, signature, arguments):
        image_type, _, tiles_type, _, _ = signature.args
        bits = tiles_type.dtype.bitwidth
        vector = ir.VectorType(ir.FloatType(), TILE)
        numbers = ir.VectorType(ir.IntType(bits), TILE)
        data = context.make_array(image_type)(context, builder, arguments[0]).data
        target = builder.bitcast(builder.gep(data, [arguments[1]]), vector.as_pointer())
        data = context.make_array(tiles_type)(context, builder, arguments[2]).data
        begin = builder.mul(arguments[3], ir.Constant(arguments[3].type, TILE))
        origin = builder.bitcast(builder.gep(data, [begin]), numbers.as_pointer())
        pixels = builder.load(target)
        pixels.align = 4
        stored = builder.load(origin)
        stored.align = bits // 8
        convert = builder.sitofp if tiles_type.dtype.signed else builder.uitofp
        undefined = ir.Constant(vector, ir.Undefined)
        one = builder.insert_element(undefined, arguments[4], ir.Constant(ir.IntType(32), 0))
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), TILE), [0] * TILE)
        factors = builder.shuffle_vector(one, undefined, lanes)
        total = builder.fadd(pixels, builder.fmul(convert(stored, vector), factors))
        builder.store(total, target).align = 4
        return context.get_dummy_value()

    return types.void(image, types.int64, tiles, types.int64, types.float32), generate


@kernel
def add_tiles(image, strip, factors, active, first, offset, tiles, scale):
    """Add factors[s] times the footprint of source s to the flat `image`, for every s in `active`.

    The tiles of strip k and source s are first[k * N + s]..first[k * N + s + 1] (N sources), `offset` uint16
    says where in its strip a tile begins. `image` has 16 pixels to spare at its end, for the zeros of the
    last tiles.
    """
    n = factors.size
    for k in range(first.size // n):
        begin = k * strip
        for source in active:
            low, high = first[k * n + source], first[k * n + source + 1]
            factor = factors[source]
            for tile in range(low, high):
                at = np.int64(begin) + np.int64(offset[tile])
                _add_tile(image, at, tiles, np.int64(tile), factor * scale[tile])  # type: ignore[call-arg]


@kernel
def _bounds(ends, low, high, width):
    """Lowest and highest column and row of the lines low..high."""
    left, right, bottom, top = width, -1, 1 << 30, -1
    for i in range(low, high):
        left = min(left, ends[i, 0], ends[i, 2])
        right = max(right, ends[i, 0], ends[i, 2])
        bottom = min(bottom, ends[i, 1], ends[i, 3])
        top = max(top, ends[i, 1], ends[i, 3])
    return left, right, bottom, top


@kernel
def count_tiles(scratch, width, strip, ends, edge, weight, first, begin, end, count):
    """For the sources begin..end: how many tiles each strip needs, added to count[strip, source].

    `first` says which lines leave a source. `scratch` is a flat image of zeros, and left so.
    """
    for source in range(begin, end):
        low, high = first[source], first[source + 1]
        if low == high:
            continue
        draw(scratch, width, ends[low:high], edge[low:high], weight, np.float32(1))
        left, right, bottom, top = _bounds(ends, low, high, width)
        for row in range(bottom, top + 1):
            at, stop = row * width + left, row * width + right
            while at <= stop:
                if scratch[at] == 0:
                    at += 1
                    continue
                k = at // strip
                last = min(at + TILE, (k + 1) * strip)
                count[k, source] += 1
                scratch[at:last] = 0
                at = last


@kernel
def fill_tiles(
    scratch, width, strip, ends, edge, weight, first, begin, end, position, offset, tiles, scale, full
):
    """Second pass of `count_tiles`: write the tiles at position[strip, source], which moves on.

    `full` is the greatest number a tile can hold; the greatest magnitude of a tile becomes that.
    """
    for source in range(begin, end):
        low, high = first[source], first[source + 1]
        if low == high:
            continue
        draw(scratch, width, ends[low:high], edge[low:high], weight, np.float32(1))
        left, right, bottom, top = _bounds(ends, low, high, width)
        for row in range(bottom, top + 1):
            at, stop = row * width + left, row * width + right
            while at <= stop:
                if scratch[at] == 0:
                    at += 1
                    continue
                k = at // strip
                last = min(at + TILE, (k + 1) * strip)
                tile = position[k, source]
                position[k, source] = tile + 1
                offset[tile] = at - k * strip
                greatest = np.float32(0)
                for pixel in range(at, last):
                    greatest = max(greatest, abs(scratch[pixel]))
                unit = greatest / full
                scale[tile] = unit
                per_unit = full / greatest if unit > np.float32(1e-30) else np.float32(0)
                for i in range(TILE):
                    tiles[tile, i] = 0
                for pixel in range(at, last):
                    tiles[tile, pixel - at] = int(np.floor(scratch[pixel] * per_unit + np.float32(0.5)))
                    scratch[pixel] = 0
                at = last
