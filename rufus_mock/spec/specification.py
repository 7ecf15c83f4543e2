"""Reads the contract out of `schemas/`. Statuses, texts, access types and shapes come from nowhere else."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ..base.resources import folder
from .bundle import METHODS, bundle, join
from .dialects import PAGES, Schema, without_other_dialects


@dataclass(frozen=True, eq=False)
class Answer:
    """One body that an operation can answer with.

    name is the title of its schema or, of an error that has more than one body, its x-error; text is its description;
    evidence is that of the status.
    """

    name: str
    status: int
    text: str
    schema: Schema = field(repr=False)
    evidence: Mapping[str, Any] = field(repr=False)

    def fields(self, dialect: str) -> tuple[str, ...]:
        """The fields that this body has in a dialect, in order; none where the body is null."""
        return tuple(self._in_dialect(dialect).get("properties", ()))

    def entry_fields(self, dialect: str) -> tuple[str, ...]:
        """The fields of an entry of the list `result` in a dialect, in order."""
        return tuple(self._in_dialect(dialect)["properties"]["result"]["items"]["properties"])

    def _in_dialect(self, dialect: str) -> Schema:
        schema: Schema = without_other_dialects(self.schema, dialect)
        return schema


@dataclass(frozen=True)
class Access:
    """Who may call: keys of these access types; with permission "unbind" only those that have it."""

    name: str
    access_types: frozenset[str]
    permission: str | None


@dataclass(frozen=True)
class Operation:
    """One operation of the API: how it is called, what it needs, what it answers."""

    id: str
    tag: str
    summary: str
    method: str
    path: str
    access: Access
    path_parameters: Mapping[str, Schema] = field(repr=False)
    query: Schema = field(repr=False)
    body: Schema | None = field(repr=False)
    success: Answer = field(repr=False)
    errors: Mapping[str, Answer] = field(repr=False)
    evidence: Mapping[str, Any] = field(repr=False)
    rules: tuple[Mapping[str, Any], ...] = field(repr=False)
    page_size: int | None = None
    """How many entries a page of the answer holds at most; None where the answer has no pages."""

    @property
    def path_evidence(self) -> Mapping[str, Any]:
        """The evidence of the path: that of the operation, unless a rule is about the path alone ("of": "path")."""
        rule = self._path_rule
        return rule["x-evidence"] if rule else self.evidence

    @property
    def path_rule(self) -> str | None:
        """The id of the rule that is about the path alone."""
        return self._path_rule["id"] if self._path_rule else None

    @property
    def _path_rule(self) -> Mapping[str, Any] | None:
        return next((rule for rule in self.rules if rule["x-evidence"].get("of") == "path"), None)

    def in_dialect(self, dialect: str) -> "Operation":
        """The same operation, with the body that it takes in one dialect."""
        return replace(self, body=self.body and without_other_dialects(self.body, dialect))


class Specification:
    """The OpenAPI document `openapi.json` and the schema files beside it.

    Raises OSError or json.JSONDecodeError where the files cannot be read.
    """

    document_name = "openapi.json"

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or folder("schemas")
        self._files: dict[str, Schema] = {}
        self._resolved_files: dict[str, Schema] = {}
        self._field_names: dict[tuple[str, str], tuple[str, ...]] = {}
        self._openapi = self._file(self.document_name)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """All operations by operationId."""
        return {operation.id: operation for operation in self._operations()}

    @cached_property
    def server_errors(self) -> Mapping[str, Answer]:
        """The errors that belong to no single operation, by name."""
        return {
            answer.name: answer
            for status, names in self._openapi["x-server-errors"].items()
            for answer in (self._answer(int(status), {"$ref": name}, {}) for name in names)
        }

    @property
    def page_size(self) -> int:
        """How many entries a page holds at most, in an operation that takes no limit: the passings of a page."""
        size: int = self._openapi["x-page-size"]["value"]
        return size

    @property
    def max_depth(self) -> int:
        """How many objects and lists a JSON text may hold inside each other."""
        depth: int = self.limits["depth"]["value"]
        return depth

    @property
    def limits(self) -> Mapping[str, Mapping[str, Any]]:
        """What the server takes at most, by name: a statement in words, x-evidence, and the figures."""
        limits: Mapping[str, Mapping[str, Any]] = self._openapi["x-limits"]
        return limits

    @property
    def base_path(self) -> str:
        """The path of all base URLs of the document: /v0."""
        (path,) = {urlsplit(url).path for url in self._base_urls()}
        return path

    @property
    def host(self) -> str:
        """The host of the live API: api.runonrufus.com."""
        (url,) = self._base_urls(live=True)
        return urlsplit(url).netloc

    def _base_urls(self, live: bool = False) -> list[str]:
        return [server["url"] for server in self._openapi["servers"] if server.get("x-live") or not live]

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The statements that belong to no single operation: id, statement, x-evidence."""
        rules: list[dict[str, Any]] = self._openapi["x-rules"]
        return rules

    @property
    def key_headers(self) -> list[str]:
        """The names of the headers that a key may travel in."""
        return [scheme["name"] for scheme in self._openapi["components"]["securitySchemes"].values()]

    def schema(self, name: str) -> Schema:
        """A schema file by its name without ".json" ("passing", "answers/passings"), all references put in."""
        resolved: Schema = self._resolve({"$ref": f"{name}.json"}, "")
        return resolved

    def fields(self, name: str, dialect: str = PAGES) -> tuple[str, ...]:
        """The fields of a schema in their order, those of other dialects left out."""
        if (name, dialect) not in self._field_names:
            schema = without_other_dialects(self.schema(name), dialect)
            self._field_names[name, dialect] = tuple(schema["properties"])
        return self._field_names[name, dialect]

    def document(self, dialect: str = PAGES, server: str | None = None) -> Schema:
        """The whole contract as one OpenAPI 3.1 document, bodies as in `dialect`.

        server: the base URL that clients call by default; None is that of a mock on its default port.
        """
        document = bundle(self._openapi, self._file, dialect)
        if server is not None:
            document["servers"][0]["url"] = server
        return document

    def _file(self, name: str) -> Schema:
        if name not in self._files:
            self._files[name] = json.loads((self.root / name).read_text(encoding="utf-8"))
        return self._files[name]

    def _resolve(self, node: Any, base: str) -> Any:
        """`node` with each reference replaced by what it names; keywords beside a reference win."""
        if isinstance(node, list):
            return [self._resolve(item, base) for item in node]
        if not isinstance(node, dict):
            return node
        resolved = {key: self._resolve(value, base) for key, value in node.items() if key != "$ref"}
        if "$ref" not in node:
            return resolved
        reference: str = node["$ref"]
        if reference.startswith("#/"):
            return {**self._resolve(self._pointer(reference), ""), **resolved}
        return {**self._resolved_file(join(base, reference)), **resolved}

    def _resolved_file(self, name: str) -> Schema:
        if name not in self._resolved_files:
            self._resolved_files[name] = self._resolve(self._file(name), str(PurePosixPath(name).parent))
        return self._resolved_files[name]

    def _pointer(self, reference: str) -> Any:
        node: Any = self._openapi
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        return node

    def _operations(self) -> Iterator[Operation]:
        for path, item in self._openapi["paths"].items():
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item[method])

    def _operation(self, path: str, method: str, raw: Schema) -> Operation:
        parameters = self._resolve(raw.get("parameters", []), "")
        query = {p["name"]: {**p["schema"], "x-evidence": p["x-evidence"]} for p in parameters if p["in"] == "query"}
        access = self._openapi["x-access"][raw["x-access"]]
        answers = [answer for status in raw["responses"] for answer in self._response(raw, status)]
        body = raw.get("requestBody")
        return Operation(
            id=raw["operationId"],
            tag=raw["tags"][0],
            summary=raw["summary"],
            method=method.upper(),
            path=path,
            access=Access(raw["x-access"], frozenset(access["access_types"]), access.get("permission")),
            path_parameters={p["name"]: p["schema"] for p in parameters if p["in"] == "path"},
            query={"type": "object", "properties": query},
            body=self._resolve(_json_schema(body), "") if body else None,
            success=next(answer for answer in answers if answer.status < 400),
            errors={answer.name: answer for answer in answers if answer.status >= 400},
            evidence=raw["x-evidence"],
            rules=tuple(raw.get("x-rules", ())),
            page_size=self._page_size(query),
        )

    def _page_size(self, query: Mapping[str, Schema]) -> int | None:
        if "limit" in query:
            maximum: int = query["limit"]["maximum"]
            return maximum
        return self.page_size if "page" in query else None

    def _response(self, raw: Schema, status: str) -> Iterator[Answer]:
        response = raw["responses"][status]
        if "$ref" in response:
            response = self._pointer(response["$ref"])
        schema = _json_schema(response)
        for alternative in schema.get("anyOf", [schema]):
            evidence = alternative.get("x-evidence") or response.get("x-evidence", {})
            yield self._answer(int(status), alternative, evidence)

    def _answer(self, status: int, reference: Schema, evidence: Mapping[str, Any]) -> Answer:
        schema = self._resolve({"$ref": reference["$ref"]}, "")
        text = schema["properties"]["description"]["const"]
        return Answer(schema.get("x-error", schema["title"]), status, text, schema, evidence or schema["x-evidence"])


def _json_schema(message: Schema) -> Schema:
    schema: Schema = message["content"]["application/json"]["schema"]
    return schema
