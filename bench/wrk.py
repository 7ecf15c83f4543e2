"""Load by wrk, in short rounds that take turns: the machine's noise then hits all that is compared alike."""

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
    """What one run of wrk counted. stored: passings, by the answers of the server."""

    requests: int
    seconds: float
    failed: int
    stored: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def require_wrk() -> None:
    """Ends the script where wrk is missing."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: the load comes from it. On Debian and Ubuntu: apt-get install wrk")


def wrk(
    url: str,
    seconds: float,
    *,
    headers: Sequence[str] = (),
    script: str = "report.lua",
    arguments: Sequence[str] = (),
    connections: int = CONNECTIONS,
) -> Round:
    """One round. Ends the script where the server refused or broke a request: its rate would mean nothing."""
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
    """The figures of each load, one a round: A B C, A B C, … A first turn of all warms up and does not count."""
    turns = [[load() for load in loads] for _ in range(rounds + 1)][1:]
    return [list(figures) for figures in zip(*turns, strict=True)]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours by theirs, round by round."""
    return [our / their for our, their in zip(ours, theirs, strict=True)]


def spread(figures: Sequence[float]) -> float:
    """How far the rounds lie apart: half of the range, as a share of the median."""
    return (max(figures) - min(figures)) / 2 / median(figures)
