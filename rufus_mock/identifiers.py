"""Identifiers of devices and sessions: 64 upper-case hex digits."""

import random
import secrets
from collections.abc import Callable

_BYTES = 32


class Identifiers:
    """Makes identifiers: random, or with a seed the same ones in each run. 256 bits do not repeat."""

    def __init__(self, seed: int | None = None) -> None:
        self._random_bytes: Callable[[int], bytes] = (
            secrets.token_bytes if seed is None else random.Random(seed).randbytes
        )

    def new(self) -> str:
        """A fresh identifier."""
        return self._random_bytes(_BYTES).hex().upper()
