"""Identifiers of devices and sessions (64 upper-case hex digits), and the EPCs of chips (24)."""

import random
import secrets
from collections.abc import Callable

_BYTES = 32


class Identifiers:
    """Makes identifiers: random, or with a seed the same ones in each run. 256 bits do not repeat."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = seed
        self._random_bytes: Callable[[int], bytes] = (
            secrets.token_bytes if seed is None else random.Random(seed).randbytes
        )

    def of(self, name: str) -> "Identifiers":
        """Identifiers for a part of the world: with a seed, their own sequence, whatever the other parts make."""
        return Identifiers(None if self._seed is None else f"{self._seed} {name}")

    def new(self) -> str:
        """A fresh identifier."""
        return self._random_bytes(_BYTES).hex().upper()


def epc(bib: int) -> str:
    """An EPC as a race chip carries it: 12 ASCII characters that end in the bib, in 24 hex digits."""
    return f"MC{bib:05}".rjust(12, "0").encode().hex().upper()
