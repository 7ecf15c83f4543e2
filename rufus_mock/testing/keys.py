"""A company's keys by what they may do."""

from collections.abc import Mapping, Sequence
from typing import Any


class Keys:
    """The API keys of a company by access type. Raises LookupError for one that it does not have.

    A fresh company has all three, and read_write may unbind.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = dict(keys)

    @classmethod
    def of(cls, described: Sequence[Mapping[str, Any]]) -> "Keys":
        """From the keys of schemas/admin/answers/company.json: of several of a kind the one that may do most."""
        able = sorted(described, key=lambda key: bool(key["unbind"]))
        return cls({key["access"].lower(): key["api_key"] for key in able})

    @property
    def read(self) -> str:
        """May call every GET."""
        return self._key("read")

    @property
    def write(self) -> str:
        """May call every POST and PATCH."""
        return self._key("write")

    @property
    def read_write(self) -> str:
        """May call all of these."""
        return self._key("read_write")

    def _key(self, access: str) -> str:
        try:
            return self._keys[access]
        except KeyError:
            has = ", ".join(sorted(self._keys)) or "none"
            raise LookupError(f"the company has no key for {access}; it has: {has}") from None

    def __repr__(self) -> str:
        return f"Keys({', '.join(sorted(self._keys))})"
