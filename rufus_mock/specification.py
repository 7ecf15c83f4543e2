"""Reads the contract out of `schemas/`. Statuses, texts, access types and shapes come from nowhere else."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from .dialects import PAGES, Schema, fields_of, without_other_dialects, wrapped
from .resources import folder

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, eq=False)
class Answer:
    """One body that an operation can answer with.

    name is the title of its schema, text its description, fields the names of its properties in order; evidence is
    that of the status.
    """

    name: str
    status: int
    text: str
    schema: Schema = field(repr=False)
    evidence: Mapping[str, Any] = field(repr=False)

    def fields(self, dialect: str) -> tuple[str, ...]:
        """The fields that this body has in a dialect, in order."""
        return tuple(fields_of(self.schema, dialect))


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
    def base_path(self) -> str:
        """The path of the live API's base URL: /v0."""
        return urlsplit(self._base_url).path

    @property
    def host(self) -> str:
        """The host of the live API's base URL: api.runonrufus.com."""
        return urlsplit(self._base_url).netloc

    @property
    def _base_url(self) -> str:
        url: str = self._openapi["servers"][0]["url"]
        return url

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
            self._field_names[name, dialect] = tuple(fields_of(self.schema(name), dialect))
        return self._field_names[name, dialect]

    def document(self, dialect: str = PAGES) -> Schema:
        """The whole contract as one OpenAPI 3.1 document, the files as its components, bodies as in `dialect`."""
        schemas: dict[str, Schema] = {}
        document: Schema = self._bundle(self._openapi, "", schemas)
        document["components"]["schemas"] = {
            name: without_other_dialects(schemas[name], dialect) for name in sorted(schemas)
        }
        for answer in _answers_of(document):
            answer["schema"] = wrapped(answer["schema"], dialect)
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
        return {**self._resolved_file(_join(base, reference)), **resolved}

    def _resolved_file(self, name: str) -> Schema:
        if name not in self._resolved_files:
            self._resolved_files[name] = self._resolve(self._file(name), str(PurePosixPath(name).parent))
        return self._resolved_files[name]

    def _pointer(self, reference: str) -> Any:
        node: Any = self._openapi
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        return node

    def _bundle(self, node: Any, base: str, schemas: dict[str, Schema]) -> Any:
        """`node` with each reference to a file turned into one to the components; the files land in `schemas`."""
        if isinstance(node, list):
            return [self._bundle(item, base, schemas) for item in node]
        if not isinstance(node, dict):
            return node
        bundled = {key: self._bundle(value, base, schemas) for key, value in node.items()}
        reference = node.get("$ref", "#")
        if not reference.startswith("#"):
            name = _join(base, reference)
            component = _component(name)
            if component not in schemas:
                schemas[component] = {}
                content = {key: value for key, value in self._file(name).items() if key != "$schema"}
                schemas[component].update(self._bundle(content, str(PurePosixPath(name).parent), schemas))
            bundled["$ref"] = f"#/components/schemas/{component}"
        return bundled

    def _operations(self) -> Iterator[Operation]:
        for path, item in self._openapi["paths"].items():
            for method in _METHODS:
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
        return Answer(schema["title"], status, text, schema, evidence or schema["x-evidence"])


def _answers_of(document: Schema) -> Iterator[Schema]:
    operations = [item[method] for item in document["paths"].values() for method in _METHODS if method in item]
    responses = [response for operation in operations for response in operation["responses"].values()]
    for response in [*responses, *document["components"]["responses"].values()]:
        yield from response.get("content", {}).values()


def _json_schema(message: Schema) -> Schema:
    schema: Schema = message["content"]["application/json"]["schema"]
    return schema


def _join(base: str, reference: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(base) / reference).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _component(name: str) -> str:
    return "".join(word.capitalize() for word in PurePosixPath(name).stem.replace("_", "-").split("-"))
