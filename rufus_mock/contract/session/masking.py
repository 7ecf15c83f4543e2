"""Keeps keys out of everything that is printed or written. It finds them by value, wherever they appear."""

import json
from collections.abc import Iterable
from typing import IO, Any
from urllib.parse import quote

_SHORTEST_WITH_A_TAIL = 12


class Masker:
    """Replaces each key by "…" and its last four characters."""

    def __init__(self, keys: Iterable[str | None] = ()) -> None:
        self._masks: dict[str, str] = {}
        for key in keys:
            if key:
                mask = f"…{key[-4:]}" if len(key) >= _SHORTEST_WITH_A_TAIL else "…"
                for form in (key, quote(key, safe=""), json.dumps(key)[1:-1], repr(key)[1:-1]):
                    self._masks[form] = mask
        self._forms = sorted(self._masks, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._forms:
            if form in text:
                text = text.replace(form, self._masks[form])
        return text

    def mask(self, value: Any) -> Any:
        """Masks each string in a JSON value."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {self(name): self.mask(member) for name, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask(member) for member in value]
        return value

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
