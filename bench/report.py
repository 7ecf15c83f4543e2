"""Formats the results as Markdown, for the terminal and for docs/benchmarks.md."""

import os
import platform
from collections.abc import Sequence

from rufus_mock import __version__


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with padded columns."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def machine() -> str:
    """A line about the machine: versions, cores, and the load before the run."""
    load = os.getloadavg()[0]
    return (
        f"rufus-mock {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, load before the run {load:.1f}."
    )
