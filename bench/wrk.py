"""Generates load with wrk, in short rounds that take turns, so that noise on the machine affects all loads equally."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CONNECTIONS = 16

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Round:
    """The counts of one run of wrk. stored: passings that the server reported as stored."""

    requests: int
    seconds: float
    failed: int
    stored: int

    @property
    def rate(self) -> float:
        """Responses per second."""
        return self.requests / self.seconds


def require_wrk() -> None:
    """Exit with a message if wrk is not installed."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: it generates the load. On Debian and Ubuntu: apt-get install wrk")


def wrk(
    url: str,
    seconds: float,
    *,
    headers: Sequence[str] = (),
    script: str = "report.lua",
    arguments: Sequence[str] = (),
    connections: int = CONNECTIONS,
) -> Round:
    """Run one round. Exits if a request failed, because the rate would then be meaningless."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:g}s"]
    for header in headers:
        command += ["--header", header]
    command += ["--script", script, url, "--", *arguments]
    done = subprocess.run(command, cwd=_HERE, capture_output=True, text=True, check=False)
    try:
        counted = Round(**json.loads(done.stdout.strip().splitlines()[-1]))
    except (IndexError, ValueError):
        sys.exit(f"wrk failed on {url}:\n{done.stdout}{done.stderr}")
    if counted.failed or not counted.requests:
        sys.exit(f"{url}: {counted.failed} of {counted.requests} requests failed:\n{done.stdout}")
    return counted


def take_turns(rounds: int, *loads: Callable[[], float]) -> list[list[float]]:
    """The figures of each load, one per round, measured in the order A B C, A B C, … after a turn for warming up."""
    turns = [[load() for load in loads] for _ in range(rounds + 1)][1:]
    return [list(figures) for figures in zip(*turns, strict=True)]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Our figure divided by theirs, for each round."""
    return [our / their for our, their in zip(ours, theirs, strict=True)]


def spread(figures: Sequence[float]) -> float:
    """How much the rounds differ: half the range as a share of the median."""
    return (max(figures) - min(figures)) / 2 / median(figures)
