"""An answer as it came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..dialects import OPENAPI, PAGES


@dataclass(frozen=True)
class Reply:
    """An answer as it came, and what it answers."""

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

    @cached_property
    def json(self) -> Any:
        """The whole JSON, envelope and all. Raises ValueError."""
        return json.loads(self.content)

    @property
    def dialect(self) -> str | None:
        """The dialect that the JSON speaks; None for what is no object."""
        try:
            whole = self.json
        except (ValueError, RecursionError):
            return None
        if not isinstance(whole, dict):
            return None
        return OPENAPI if whole.keys() == {"body"} else PAGES

    @property
    def body(self) -> Any:
        """The JSON without the envelope that its dialect has. Raises ValueError."""
        return self.json["body"] if self.dialect == OPENAPI else self.json

    @property
    def fields(self) -> Mapping[str, Any]:
        """The members of the body; none where it is no object, or no JSON at all."""
        body = self.body if self.dialect else None
        return body if isinstance(body, dict) else {}
