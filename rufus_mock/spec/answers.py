"""The bodies that a server can answer with, as a contract describes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .dialects import Schema, without_other_dialects
from .document import Document


@dataclass(frozen=True, eq=False)
class Answer:
    """One possible body of an operation's answer.

    name is the title of its schema or, for an error with more than one body, its x-error. text is its description;
    text_field names the field that has it, which is "message" in an error of a gateway. evidence is that of the status.
    """

    name: str
    status: int
    text: str
    schema: Schema = field(repr=False)
    evidence: Mapping[str, Any] = field(repr=False)
    text_field: str = "description"

    def fields(self, dialect: str) -> tuple[str, ...]:
        """The names of the fields that this body has in a dialect, in order; empty if the body is null."""
        return tuple(self._in_dialect(dialect).get("properties", ()))

    def entry_fields(self, dialect: str) -> tuple[str, ...]:
        """The names of the fields of an entry of the list `result` in a dialect, in order."""
        return tuple(self._in_dialect(dialect)["properties"]["result"]["items"]["properties"])

    def _in_dialect(self, dialect: str) -> Schema:
        schema: Schema = without_other_dialects(self.schema, dialect)
        return schema


def server_errors(document: Document, keyword: str = "x-server-errors") -> Mapping[str, Answer]:
    """The errors that belong to no single operation, by name. keyword: which of them."""
    return {
        answer.name: answer
        for status, files in document.content[keyword].items()
        for answer in (_answer(document, int(status), {"$ref": file}, {}) for file in files)
    }


def answers(document: Document, status: str, response: Schema) -> Iterator[Answer]:
    """The answers of one entry of an operation's `responses`."""
    if "$ref" in response:
        response = document.target(response["$ref"])
    schema = json_schema(response)
    for alternative in schema.get("anyOf", [schema]):
        evidence = alternative.get("x-evidence") or response.get("x-evidence", {})
        yield _answer(document, int(status), alternative, evidence)


def json_schema(message: Schema) -> Schema:
    """The schema of the JSON body of a request or a response."""
    schema: Schema = message["content"]["application/json"]["schema"]
    return schema


def _answer(document: Document, status: int, reference: Schema, evidence: Mapping[str, Any]) -> Answer:
    schema = document.resolve({"$ref": reference["$ref"]})
    text_field, text = next((name, each["const"]) for name, each in schema["properties"].items() if "const" in each)
    return Answer(
        schema.get("x-error", schema["title"]), status, text, schema, evidence or schema["x-evidence"], text_field
    )
