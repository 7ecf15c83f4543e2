"""The API keys of a company by access type."""

from collections.abc import Mapping, Sequence
from typing import Any


class Keys:
    """The API keys of a company. Raises LookupError for an access type without a key.

    A new company has a key of each type. Its read_write key may also unbind devices.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = dict(keys)

    @classmethod
    def of(cls, described: Sequence[Mapping[str, Any]]) -> "Keys":
        """Create Keys from the keys in schemas/admin/answers/company.json.

        If there are several keys of one access type, one that may unbind devices is preferred.
        """
        able = sorted(described, key=lambda key: bool(key["unbind"]))
        return cls({key["access"].lower(): key["api_key"] for key in able})

    @property
    def read(self) -> str:
        """A key that may call every GET."""
        return self._key("read")

    @property
    def write(self) -> str:
        """A key that may call every POST and PATCH."""
        return self._key("write")

    @property
    def read_write(self) -> str:
        """A key that may call every GET, POST and PATCH."""
        return self._key("read_write")

    def _key(self, access: str) -> str:
        try:
            return self._keys[access]
        except KeyError:
            has = ", ".join(sorted(self._keys)) or "none"
            raise LookupError(f"the company has no key for {access}; it has: {has}") from None

    def __repr__(self) -> str:
        return f"Keys({', '.join(sorted(self._keys))})"
