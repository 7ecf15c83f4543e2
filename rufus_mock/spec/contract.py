"""The contract of the live API. Statuses, texts, access types and shapes are defined nowhere else."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .answers import Answer, server_errors
from .assumptions import Assumption, assumptions
from .dialects import PAGES, Schema
from .document import Document
from .operations import Operation, operations, page_size
from .variants import Changes


class Contract:
    """What `openapi.json` and the schema files beside it say about the API. For root and errors, see Document."""

    def __init__(self, root: Path | None = None) -> None:
        self._document = Document("openapi.json", root)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """All operations by operationId."""
        return {operation.id: operation for operation in operations(self._document)}

    @cached_property
    def server_errors(self) -> Mapping[str, Answer]:
        """The errors that belong to no single operation, by name."""
        return server_errors(self._document)

    @cached_property
    def variant_errors(self) -> Mapping[str, Answer]:
        """The errors that only variants of assumptions have, by name."""
        return server_errors(self._document, "x-variant-errors")

    def error(self, name: str) -> Answer:
        """An error that belongs to no single operation. Raises KeyError for an unknown one."""
        return self.server_errors[name] if name in self.server_errors else self.variant_errors[name]

    @cached_property
    def assumptions(self) -> Mapping[str, Assumption]:
        """What is assumed, by id, each with its variants."""
        return assumptions(self._document.root, tuple(self.operations))

    @property
    def page_size(self) -> int:
        """The maximum number of entries in a page of an operation without a limit parameter: a page of passings."""
        return page_size(self._document)

    @property
    def max_depth(self) -> int:
        """How deep objects and lists may nest in a JSON text."""
        depth: int = self.limits["depth"]["value"]
        return depth

    @property
    def limits(self) -> Mapping[str, Mapping[str, Any]]:
        """The limits of the server by name: a statement in words, x-evidence, and the figures."""
        limits: Mapping[str, Mapping[str, Any]] = self._document.content["x-limits"]
        return limits

    @property
    def base_path(self) -> str:
        """The path of all base URLs: /v0."""
        return self._document.base_path

    @property
    def host(self) -> str:
        """The host of the live API: api.runonrufus.com."""
        live: list[str] = [server["url"] for server in self._document.content["servers"] if server.get("x-live")]
        (url,) = live
        return urlsplit(url).netloc

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The statements that belong to no single operation: id, statement, x-evidence."""
        rules: list[dict[str, Any]] = self._document.content["x-rules"]
        return rules

    @property
    def key_headers(self) -> list[str]:
        """The names of the headers that can carry a key."""
        return [scheme["name"] for scheme in self._document.content["components"]["securitySchemes"].values()]

    def schema(self, name: str) -> Schema:
        """A schema file: see Document.schema."""
        return self._document.schema(name)

    def fields(self, name: str, dialect: str = PAGES) -> tuple[str, ...]:
        """The names of the fields that a schema has in a dialect, in order."""
        return self._document.fields(name, dialect)

    def document(
        self, dialect: str = PAGES, server: str | None = None, variants: Mapping[str, str] | None = None
    ) -> Schema:
        """The whole contract as one OpenAPI 3.1 document: see Document.bundled.

        variants: the chosen variants by id, where they are not the default ones. The document describes these.
        """
        if not variants:
            return self._document.bundled(dialect, server)
        changes = Changes(((self.assumptions[id], variant) for id, variant in variants.items()), dialect)
        return self._document.bundled(dialect, server, changes)
