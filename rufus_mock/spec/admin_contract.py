"""The contract of the mock's own admin API."""

from collections.abc import Mapping
from functools import cached_property

from .answers import Answer, json_schema, server_errors
from .bundle import METHODS
from .dialects import PAGES, Schema
from .document import Document


class AdminOperation:
    """One operation of the admin API. optional: it may be called without a body."""

    def __init__(self, document: Document, path: str, method: str, raw: Schema) -> None:
        self.id: str = raw["operationId"]
        self.method = method.upper()
        self.path = path
        self.status = int(next(iter(raw["responses"])))
        self.optional = not raw.get("requestBody", {}).get("required", True)
        self._raw = raw
        self._document = document

    # Resolving all references takes long, so it is done when a schema is first used.

    @cached_property
    def query(self) -> Schema:
        """The schema of the query parameters as one object."""
        parameters = self._document.resolve(self._raw.get("parameters", []))
        return {"type": "object", "properties": {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}}

    @cached_property
    def body(self) -> Schema | None:
        """The schema of the request's body, with all references resolved."""
        if "requestBody" not in self._raw:
            return None
        body: Schema = self._document.resolve(json_schema(self._raw["requestBody"]))
        return body


class AdminContract:
    """What `admin.json` and the schema files beside it say about the admin API."""

    def __init__(self) -> None:
        self._document = Document("admin.json")

    @cached_property
    def operations(self) -> Mapping[str, AdminOperation]:
        """All operations by operationId."""
        return {
            item[method]["operationId"]: AdminOperation(self._document, path, method, item[method])
            for path, item in self._document.content["paths"].items()
            for method in METHODS
            if method in item
        }

    @cached_property
    def server_errors(self) -> Mapping[str, Answer]:
        """The errors of the admin API, by name."""
        return server_errors(self._document)

    def error(self, name: str) -> Answer:
        """An error of the admin API. Raises KeyError for an unknown one."""
        return self.server_errors[name]

    @property
    def base_path(self) -> str:
        """The path of the base URL: /__admin."""
        return self._document.base_path

    @property
    def local_domains(self) -> list[str]:
        """Domains that public DNS does not serve."""
        domains: list[str] = self._document.content["x-local-domains"]["value"]
        return domains

    def fields(self, name: str, dialect: str = PAGES) -> tuple[str, ...]:
        """The names of the fields that a schema has in a dialect, in order."""
        return self._document.fields(name, dialect)

    def document(self, server: str | None = None) -> Schema:
        """The contract as one OpenAPI 3.1 document: see Document.bundled."""
        return self._document.bundled(server=server)
