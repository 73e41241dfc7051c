"""What a process and its children take, from /proc (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def family(process: int) -> list[int]:
    """A process and those that descend from it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in family(int(child)))]


def processor_seconds(process: int) -> float:
    """Of the family until now, without those that have ended."""
    total = 0
    for one in family(process):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def megabytes(process: int) -> float:
    """Memory of the family; what processes share counts once."""
    return sum(_kilobytes(one) for one in family(process)) / 1024


def _kilobytes(process: int) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise OSError("this system does not tell a process's memory")
