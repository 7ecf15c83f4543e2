"""A response as it was received."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..spec.dialects import OPENAPI, PAGES
from .strict_json import parse


@dataclass(frozen=True)
class Reply:
    """A response as it was received, with the method, URL and body of its request."""

    method: str
    url: str
    sent: str | None = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> Any:
        """The parsed JSON, including the envelope. Raises ValueError: see strict_json."""
        if isinstance(self._parsed, ValueError):
            raise self._parsed
        return self._parsed

    @property
    def json_error(self) -> str | None:
        """Why the body is not JSON that every client can read; None if it is."""
        return str(self._parsed) if isinstance(self._parsed, ValueError) else None

    @cached_property
    def _parsed(self) -> Any:
        """The parsed JSON or the error: a large body that is not JSON is parsed once, too."""
        try:
            return parse(self.content)
        except ValueError as error:
            return error

    @property
    def dialect(self) -> str | None:
        """The dialect of the JSON; None if it is not an object."""
        try:
            whole = self.json
        except ValueError:
            return None
        if not isinstance(whole, dict):
            return None
        return OPENAPI if whole.keys() == {"body"} else PAGES

    @property
    def body(self) -> Any:
        """The parsed JSON without the envelope of its dialect. Raises ValueError."""
        return self.json["body"] if self.dialect == OPENAPI else self.json

    @property
    def fields(self) -> Mapping[str, Any]:
        """The members of the body; empty if it is not a JSON object."""
        body = self.body if self.dialect else None
        return body if isinstance(body, dict) else {}
