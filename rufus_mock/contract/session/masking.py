"""Masks the keys that the kit was given, by value. Keys that it makes up are not secret."""

from collections.abc import Iterable
from typing import IO, Any

from ...base import masking
from .near_misses import near_misses


class Masker(masking.Masker):
    """Masks these keys and what is nearly one of them, also in what other code writes to a stream."""

    def __init__(self, keys: Iterable[str | None] = ()) -> None:
        given = [key for key in keys if key]
        nearly = [other for key in given for other in near_misses(key).values()]
        super().__init__([*given, *nearly], any_key=False)

    def stream(self, file: IO[str]) -> "MaskedStream":
        """A text stream that masks what is written to it."""
        return MaskedStream(file, self)


class MaskedStream:
    """A text stream without keys, whether rich, hypothesis or the interpreter writes to it."""

    def __init__(self, file: IO[str], masker: Masker) -> None:
        self._file = file
        self._masker = masker

    def write(self, text: str) -> int:
        self._file.write(self._masker(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
