"""The operations of the API: how each is called, who may call it, and what it answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .answers import Answer, answers, json_schema
from .bundle import METHODS
from .dialects import Schema, without_other_dialects
from .document import Document


@dataclass(frozen=True)
class Access:
    """Who may call an operation: keys of these access types and, with permission "unbind", only those that have it."""

    name: str
    access_types: frozenset[str]
    permission: str | None


@dataclass(frozen=True)
class Operation:
    """One operation of the API. query and body are the schemas of what it accepts."""

    id: str
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
    """The maximum number of entries in a page of the answer; None if the answer has no pages."""

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
        """The same operation with the body that it accepts in one dialect."""
        return replace(self, body=self.body and without_other_dialects(self.body, dialect))


def operations(document: Document) -> Iterator[Operation]:
    """All operations of the document of the API, in its order."""
    for path, item in document.content["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method, item[method])


def page_size(document: Document) -> int:
    """The maximum number of entries in a page of an operation that has no limit parameter."""
    size: int = document.content["x-page-size"]["value"]
    return size


def _operation(document: Document, path: str, method: str, raw: Schema) -> Operation:
    parameters = document.resolve(raw.get("parameters", []))
    query = {p["name"]: {**p["schema"], "x-evidence": p["x-evidence"]} for p in parameters if p["in"] == "query"}
    access = document.content["x-access"][raw["x-access"]]
    possible = [
        answer for status, response in raw["responses"].items() for answer in answers(document, status, response)
    ]
    body = raw.get("requestBody")
    return Operation(
        id=raw["operationId"],
        summary=raw["summary"],
        method=method.upper(),
        path=path,
        access=Access(raw["x-access"], frozenset(access["access_types"]), access.get("permission")),
        path_parameters={p["name"]: p["schema"] for p in parameters if p["in"] == "path"},
        query={"type": "object", "properties": query},
        body=document.resolve(json_schema(body)) if body else None,
        success=next(answer for answer in possible if answer.status < 400),
        errors={answer.name: answer for answer in possible if answer.status >= 400},
        evidence=raw["x-evidence"],
        rules=tuple(raw.get("x-rules", ())),
        page_size=_own_page_size(document, query),
    )


def _own_page_size(document: Document, query: Mapping[str, Schema]) -> int | None:
    if "limit" in query:
        maximum: int = query["limit"]["maximum"]
        return maximum
    return page_size(document) if "page" in query else None
