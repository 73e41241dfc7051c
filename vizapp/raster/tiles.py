"""The compact form of an operator: for each strip of the image and each source node, tiles of 16 pixels.

A tile is 16 neighbouring pixels of the flat image: whole numbers and one unit. Strips of at most `STRIP`
pixels stay in the first-level cache while the sources add to them: the tiles, read once, are then all that
moves. Without strips a picture of all edges takes half as long again.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg"
from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.extending import intrinsic

from vizapp.jit import kernel
from vizapp.raster.lines import draw

TILE = 16
STRIP = 8192  # pixels: 32 kB of float32


def tile_type(bits: int, signed: bool) -> np.dtype[Any]:
    """A tile: where in its strip it begins, the upper half of its float32 unit, and 16 multiples of that.

    One record instead of three arrays: a source's tiles in a strip are then one short piece of memory. Half
    of a float is enough for a unit that is rounded up first, as the multiples are taken of the rounded one.
    """
    number = f"{'i' if signed else 'u'}{bits // 8}"
    return np.dtype([("offset", "u2"), ("unit", "u2"), ("numbers", number, (TILE,))])


@intrinsic
def _add_tile(typing, image, begin, tiles, index, factor):
    """image[begin + offset :][:16] += factor * unit * numbers of tiles[index], as one vector operation.

    A loop of 16 would be guarded by a test whether `image` and `tiles` overlap, in every tile.
    """

    def generate(context, builder, signature, arguments):
        image_type, _, tiles_type, _, _ = signature.args
        record = tiles_type.dtype
        number = record.typeof("numbers").dtype
        i16, i32, i64 = ir.IntType(16), ir.IntType(32), ir.IntType(64)
        floats, numbers = (
            ir.VectorType(ir.FloatType(), TILE),
            ir.VectorType(ir.IntType(number.bitwidth), TILE),
        )
        data = context.make_array(tiles_type)(context, builder, arguments[2]).data
        data = builder.bitcast(data, ir.IntType(8).as_pointer())
        tile = builder.gep(data, [builder.mul(arguments[3], ir.Constant(i64, record.size))])

        def load(field, kind):
            place = builder.gep(tile, [ir.Constant(i64, record.offset(field))])
            value = builder.load(builder.bitcast(place, kind.as_pointer()))
            value.align = 2 if record.size % 2 == 0 else 1
            return value

        at = builder.add(arguments[1], builder.zext(load("offset", i16), i64))
        unit = builder.bitcast(
            builder.shl(builder.zext(load("unit", i16), i32), ir.Constant(i32, 16)), ir.FloatType()
        )
        convert = builder.sitofp if number.signed else builder.uitofp
        multiples = convert(load("numbers", numbers), floats)
        undefined = ir.Constant(floats, ir.Undefined)
        one = builder.insert_element(undefined, builder.fmul(arguments[4], unit), ir.Constant(i32, 0))
        spread = builder.shuffle_vector(one, undefined, ir.Constant(ir.VectorType(i32, TILE), [0] * TILE))
        pixels = context.make_array(image_type)(context, builder, arguments[0]).data
        target = builder.bitcast(builder.gep(pixels, [at]), floats.as_pointer())
        old = builder.load(target)
        old.align = 4
        builder.store(builder.fadd(old, builder.fmul(multiples, spread)), target).align = 4
        return context.get_dummy_value()

    return types.void(image, types.int64, tiles, types.int64, types.float32), generate


@intrinsic
def _prefetch(typing, tiles, index):
    """Tell the processor that tiles[index] will be read soon."""

    def generate(context, builder, signature, arguments):
        record = signature.args[0].dtype
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, i32 = ir.IntType(8).as_pointer(), ir.IntType(32)
        place = builder.gep(
            builder.bitcast(data, byte), [builder.mul(arguments[1], ir.Constant(ir.IntType(64), record.size))]
        )
        kind = ir.FunctionType(ir.VoidType(), [byte, i32, i32, i32])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        builder.call(function, [place, *(ir.Constant(i32, n) for n in (0, 3, 1))])  # to read, keep, data
        return context.get_dummy_value()

    return types.void(tiles, types.int64), generate


@kernel
def add_tiles(image, strip, factors, active, first, reach, tiles):
    """Add factors[s] times the footprint of source s to the flat `image`, for every s in `active`, ascending.

    The tiles of strip k and source s are first[k * N + s]..first[k * N + s + 1] (N sources); those of sources
    outside reach[k, 0]..reach[k, 1] are none. `image` has 16 pixels to spare at its end, for the zeros
    of the last tiles.

    Active sources lie apart in memory, and each change of place would wait for it: so the tiles of the next
    source are fetched while those of one are added (1.2 instead of 3.1 ms for a pen's movement).
    """
    n = factors.size
    for k in range(reach.shape[0]):
        begin = np.int64(k * strip)
        low = np.searchsorted(active, reach[k, 0])
        high = np.searchsorted(active, reach[k, 1])
        for i in range(low, high):
            source = active[i]
            factor = factors[source]
            here = np.int64(first[k * n + source])
            ahead = np.int64(first[k * n + active[min(i + 1, high - 1)]]) - here
            for tile in range(here, np.int64(first[k * n + source + 1])):
                _prefetch(tiles, tile + ahead)
                _add_tile(image, begin, tiles, tile, factor)


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
def fill_tiles(scratch, width, strip, ends, edge, weight, first, begin, end, position, tiles, full):
    """Second pass of `count_tiles`: write the tiles at position[strip, source], which moves on.

    `full` is the greatest number a tile can hold; the greatest magnitude of a tile comes close to it.
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
                tile = tiles[position[k, source]]
                position[k, source] += 1
                greatest = np.float32(0)
                for pixel in range(at, last):
                    greatest = max(greatest, abs(scratch[pixel]))
                bits = (np.float32(greatest / full).view(np.int32) + 0xFFFF) >> 16
                unit = np.int32(bits << 16).view(np.float32)
                tile.offset = at - k * strip
                tile.unit = bits
                for i in range(TILE):
                    tile.numbers[i] = 0
                if unit > np.float32(1e-30):
                    for pixel in range(at, last):
                        tile.numbers[pixel - at] = int(np.floor(scratch[pixel] / unit + np.float32(0.5)))
                scratch[at:last] = 0
                at = last
