"""Keeps API keys and other given secrets out of everything that the mock logs, shows and reports."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

_SHORTEST_WITH_A_TAIL = 12
KEY_LENGTH = 24

# ror- and 20 hex digits in any case. Each character may be percent-encoded, as in the query of a URL.
_KEY = r"(?i:(?:r|%[57]2)(?:o|%[46]f)(?:r|%[57]2)(?:-|%2d)(?:[0-9a-f]|%3[0-9]|%[46][1-6]){20})"


def tail(secret: str) -> str:
    """The last four characters, by which people recognise a key; "" for a secret that is too short to show a part."""
    return secret[-4:] if len(secret) >= _SHORTEST_WITH_A_TAIL else ""


def masked(secret: str | None) -> str:
    """A secret as it may be shown: "…" and its tail; "-" if there is none."""
    return f"…{tail(secret)}" if secret else "-"


class Masker:
    """Replaces secrets in text by "…" and their tail.

    It finds `secrets` by their value, also percent-encoded or escaped as in JSON and Python, and every API key by its
    form. With any_key=False it does not mask API keys that are not among `secrets`.
    """

    def __init__(self, secrets: Iterable[str | None] = (), *, any_key: bool = True) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._shown = {form: masked(secret) for secret in self._secrets for form in _escaped(secret)}
        self._any_key = any_key
        # If several secrets begin at the same place, the longest is replaced: a short one must not split a longer one.
        patterns = {secret: _pattern(secret) for secret in self._secrets}
        longer = [pattern for secret, pattern in patterns.items() if len(secret) > KEY_LENGTH]
        shorter = [pattern for secret, pattern in patterns.items() if len(secret) <= KEY_LENGTH]
        self._pattern = re.compile("|".join([*longer, *([_KEY] if any_key else []), *shorter]))

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._replacement, text) if self._may_be_in(text) else text

    def mask(self, value: Any, *, names: bool = True) -> Any:
        """A JSON value with all its strings masked. names=False does not mask the names of members."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {self(name) if names else name: self.mask(value[name], names=names) for name in value}
        if isinstance(value, list | tuple):
            return [self.mask(member, names=names) for member in value]
        return value

    def _may_be_in(self, text: str) -> bool:
        """False for nearly every text without a secret; much faster than a search."""
        if "%" in text:
            return self._any_key or bool(self._secrets)
        if self._any_key and "-" in text and "ror-" in text.lower():
            return True
        return any(form in text for form in self._shown)

    def _replacement(self, found: re.Match[str]) -> str:
        text = found[0]
        return self._shown.get(text) or masked(unquote(text))


def _escaped(secret: str) -> list[str]:
    """The secret itself, and its forms in JSON, in Python's repr and in the strings of WSGI."""
    wsgi = secret.encode(errors="surrogatepass").decode("latin-1")
    json_forms = (json.dumps(secret, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
    return sorted({secret, *json_forms, repr(secret)[1:-1], wsgi}, key=len, reverse=True)


def _pattern(secret: str) -> str:
    """A pattern for all forms of the secret. In a URL, any of its characters may be percent-encoded."""
    in_a_url = []
    for character in secret:
        code = "".join(f"%{byte:02x}" for byte in character.encode(errors="surrogatepass"))
        in_a_url.append(f"(?:{re.escape(character)}|(?i:{code}))")
    return "|".join([*map(re.escape, _escaped(secret)), "".join(in_a_url)])
