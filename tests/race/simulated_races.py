"""Races that several tests look at, each simulated once."""

from dataclasses import replace
from functools import cache

from rufus_mock.race import PRESETS, Behaviour, Race


@cache
def simulated(name: str, runners: int, seed: int = 1, **behaviour: object) -> Race:
    return Race(replace(PRESETS[name], runners=runners), Behaviour(**behaviour), seed)  # type: ignore[arg-type]
