"""Identifiers of devices and sessions (64 upper-case hex digits), and the EPCs of chips (24)."""

import random
import secrets

_BYTES = 32


class Identifiers:
    """Generates identifiers: random ones or, with a seed, the same in each run. They have 256 bits, so none repeats."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = seed
        self._source = None if seed is None else random.Random(seed)

    def of(self, name: str) -> "Identifiers":
        """Identifiers for a part of the world. With a seed, their sequence does not depend on the other parts."""
        return Identifiers(None if self._seed is None else f"{self._seed} {name}")

    def new(self) -> str:
        """A new identifier."""
        random_bytes = secrets.token_bytes if self._source is None else self._source.randbytes
        return random_bytes(_BYTES).hex().upper()


def epc(bib: int) -> str:
    """The EPC of a race chip: 12 ASCII characters that end in the bib, as 24 hex digits."""
    return f"MC{bib:05}".rjust(12, "0").encode().hex().upper()
