"""Reads the contract of the admin API out of `schemas/admin.json`, as specification.py reads that of the API."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from .dialects import Schema
from .specification import Specification


class AdminOperation:
    """One operation of the admin API. optional: it may be called without a body."""

    def __init__(self, path: str, method: str, raw: Schema, resolve: Callable[[Any], Any]) -> None:
        self.id: str = raw["operationId"]
        self.method = method.upper()
        self.path = path
        self.status = int(next(iter(raw["responses"])))
        self.optional = not raw.get("requestBody", {}).get("required", True)
        self._raw = raw
        self._resolve = resolve

    @cached_property
    def query(self) -> Schema:
        """The query parameters as one object."""
        parameters = self._resolve(self._raw.get("parameters", []))
        return {"type": "object", "properties": {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}}

    @cached_property
    def body(self) -> Schema | None:
        """The schema of the request's body, all references put in."""
        if "requestBody" not in self._raw:
            return None
        body: Schema = self._resolve(self._raw["requestBody"]["content"]["application/json"]["schema"])
        return body


class AdminSpecification(Specification):
    """The OpenAPI document `admin.json` and the schema files beside it."""

    document_name = "admin.json"

    @property
    def local_domains(self) -> list[str]:
        """Domains that public DNS does not serve."""
        domains: list[str] = self._openapi["x-local-domains"]["value"]
        return domains

    @cached_property
    def admin_operations(self) -> Mapping[str, AdminOperation]:
        """All operations by operationId. Their schemas are put together when they are first asked for."""
        return {
            raw["operationId"]: AdminOperation(path, method, raw, lambda node: self._resolve(node, ""))
            for path, item in self._openapi["paths"].items()
            for method, raw in item.items()
        }
