"""Datashader's lines, pixel for pixel: clipping after Liang and Barsky, drawing after Bresenham.

The sums are those of `datashader.Canvas.line(..., axis=1, agg=sum, line_width=0)`: an edge adds its value
once to every pixel of its line, both ends included. (Liang & Barsky 1984, ACM Trans. Graph. 3(1); Bresenham
1965, IBM Syst. J. 4(1).)
"""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from vizapp.jit import kernel

ONE = 1 << 32  # the fixed-point lines count in 2**-32 pixels
NUDGE = 1 << 17


@kernel
def _clip(p, q, t0, t1):
    """One border of the window: the part t0..t1 of the line that is inside, and whether any is."""
    accept = True
    if p < 0 and q < 0:
        r = q / p
        if r > t1:
            accept = False
        elif r > t0:
            t0 = r
    elif p > 0 and q < p:
        r = q / p
        if r < t0:
            accept = False
        elif r < t1:
            t1 = r
    elif q < 0:
        accept = False
    return t0, t1, accept


@kernel
def _pixel(value, scale, shift, last, size):
    """Pixel of a coordinate; the upper border belongs to the last pixel."""
    pixel = int(value * scale + shift)
    if pixel == last:
        pixel -= 1
    return min(max(pixel, 0), size - 1)  # rounding at extreme zoom must not leave the image


@kernel
def clip_edges(source, target, positions, x0, x1, y0, y1, width, height, edge, ends, cost):
    """Ends in pixels of all edges that meet the window; returns their number.

    Coordinates stay float32 until they are clipped, as in Datashader when its columns are float32. `edge`
    int32[E] gets the indices of visible edges, `ends` int16[E, 4] their pixels (column, row, column, row);
    the number of pixels of each line is added to `cost` int64[N] of its source.
    """
    sx = width / (x1 - x0)
    tx = -x0 * sx
    sy = height / (y1 - y0)
    ty = -y0 * sy
    last_x = round(x1 * sx + tx)
    last_y = round(y1 * sy + ty)
    count = 0
    for i in range(source.size):
        ax, ay = positions[source[i], 0], positions[source[i], 1]
        bx, by = positions[target[i], 0], positions[target[i], 1]
        if (ax < x0 and bx < x0) or (ax > x1 and bx > x1) or (ay < y0 and by < y0) or (ay > y1 and by > y1):
            continue
        dx, dy = bx - ax, by - ay
        t0, t1 = 0.0, 1.0
        t0, t1, left = _clip(-dx, ax - x0, t0, t1)
        t0, t1, right = _clip(dx, x1 - ax, t0, t1)
        t0, t1, bottom = _clip(-dy, ay - y0, t0, t1)
        t0, t1, top = _clip(dy, y1 - ay, t0, t1)
        if not (left and right and bottom and top):
            continue
        px, py, qx, qy = np.float64(ax), np.float64(ay), np.float64(bx), np.float64(by)
        if t1 < 1:
            qx, qy = ax + t1 * dx, ay + t1 * dy
        if t0 > 0:
            px, py = ax + t0 * dx, ay + t0 * dy
        c0, r0 = _pixel(px, sx, tx, last_x, width), _pixel(py, sy, ty, last_y, height)
        c1, r1 = _pixel(qx, sx, tx, last_x, width), _pixel(qy, sy, ty, last_y, height)
        edge[count] = i
        ends[count, 0], ends[count, 1], ends[count, 2], ends[count, 3] = c0, r0, c1, r1
        count += 1
        cost[source[i]] += max(abs(c1 - c0), abs(r1 - r0)) + 1
    return count


@kernel
def draw(image, width, ends, edge, values, factor):
    """Add values[edge[i]] * factor to every pixel of line `ends[i]` of the flat `image`; zeros are skipped.

    Bresenham's rounded line in fixed point, without a branch per pixel. Halves are rounded up where the
    line runs to higher pixels and down where it runs to lower ones, as Bresenham's error term does. Exact for
    lines up to 8192 pixels: the slope's error stays below 2**-19, the nudge is 2**-15, and what is not a half
    differs from it by at least 2**-14.
    """
    for i in range(edge.size):
        value = values[edge[i]] * factor
        if value == 0:
            continue
        column, row = np.int64(ends[i, 0]), np.int64(ends[i, 1])
        dx, dy = np.int64(ends[i, 2]) - column, np.int64(ends[i, 3]) - row
        step_x = np.int64(1) if dx > 0 else np.int64(-1)
        step_y = np.int64(width) if dy > 0 else np.int64(-width)
        pixel = row * width + column
        image[pixel] += value
        if abs(dx) >= abs(dy):
            steps, other, major, minor, upward = abs(dx), abs(dy), step_x, step_y, dx > 0
        else:
            steps, other, major, minor, upward = abs(dy), abs(dx), step_y, step_x, dy > 0
        if steps == 0:
            continue
        slope = other * ONE // steps
        at = np.int64(ONE // 2)
        if upward:
            slope += 1
            at += NUDGE
        else:
            at -= NUDGE
        for _ in range(steps):
            at += slope
            pixel += major
            image[pixel + minor * (at >> 32)] += value


@kernel
def draw_sources(image, width, ends, edge, first, weight, factors, active):
    """Draw the lines first[s]..first[s + 1] with weight times factors[s], for every source s in `active`."""
    for source in active:
        low, high = first[source], first[source + 1]
        if low < high:
            draw(image, width, ends[low:high], edge[low:high], weight, factors[source])


@kernel
def products(weight, source, source_values, target, target_values, out):
    """out[e] = weight[e] * source_values[source[e]] * target_values[target[e]]."""
    for e in range(weight.size):
        out[e] = weight[e] * source_values[source[e]] * target_values[target[e]]
