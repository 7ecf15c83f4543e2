"""Validates what a client sent against a schema of the contract, and says what is wrong and where."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import jsonschema_rs

from ..base.errors import BadRequest
from ..base.masking import KEY_LENGTH, Masker
from ..base.timestamps import BOUNDS, FORMS, parse
from .dialects import Schema, takes_times
from .excerpt import KEPT, Excerpt

MOST_PROBLEMS = KEPT
"""The maximum number of problems in a 400. A list of 5000 passings can have 50000 of them."""

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,30}")
_LONGEST_ACTUAL = 60
_LONGEST_NAME = 500
_MASKER = Masker()
_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True)
class Problem:
    """One invalid value: the parameter, its place, what was expected and what was found.

    It never contains an API key, and very long names are shortened.
    """

    where: str
    parameter: str
    pointer: str
    expected: str
    actual: str

    def __post_init__(self) -> None:
        for name in ("parameter", "pointer", "expected", "actual"):
            object.__setattr__(self, name, _shortened(_MASKER(getattr(self, name)), _LONGEST_NAME))

    def as_dict(self) -> dict[str, str]:
        """An entry of `errors` in schemas/errors/bad-request.json."""
        members = asdict(self)
        return {"in": members.pop("where"), **members}


def bad_request(*problems: Problem) -> BadRequest:
    """The 400 that lists these problems."""
    return BadRequest(errors=[problem.as_dict() for problem in problems])


class BodyValidator:
    """Validates JSON bodies against one schema, as fast as they are parsed (jsonschema-rs)."""

    where = "body"

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._validator = jsonschema_rs.validator_for(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, validate_formats=True
        )

    @property
    def schema(self) -> Schema:
        """The schema that decides what is valid."""
        return self._schema

    def is_valid(self, value: Any) -> bool:
        """Whether a value is valid."""
        valid: bool = self._validator.is_valid(value)
        return valid

    def check(self, value: Any) -> None:
        """Raises BadRequest with the first ten problems of an invalid value."""
        if problems := self.first_problems(value):
            raise bad_request(*problems)

    def first_problems(self, value: Any) -> list[Problem]:
        """The first ten problems of a value; empty if it is valid."""
        return list(islice(self.problems(value), MOST_PROBLEMS))

    def problems(self, value: Any) -> Iterator[Problem]:
        """All problems of a value. In a long list, only the first ten invalid entries are examined."""
        if self._validator.is_valid(value):
            return
        excerpt = Excerpt(value, self._schema, lambda schema: BodyValidator(schema)._validator.is_valid)
        errors = [
            (error, excerpt.original(_names(excerpt.value, error.instance_path)))
            for error in self._validator.iter_errors(excerpt.value)
        ]
        for error, path in errors or self._first(value):
            kind = error.kind.as_dict()
            if error.kind.name == "required":
                path.append(kind["property"])
                expected, actual = "a value: it is required", "missing"
            else:
                expected = _expected(self._schema, list(error.schema_path))
                name = kind["error"].instance if error.kind.name == "propertyNames" else None
                path += kind.get("unexpected", [])[:1] if name is None else [name]
                actual = described(_at(value, path) if name is None else name)
            yield Problem(self.where, _parameter(path), pointer(path), expected, actual)

    def _first(self, value: Any) -> list[tuple[jsonschema_rs.ValidationError, list[str | int]]]:
        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return [(error, _names(value, error.instance_path))]
        return []


class QueryValidator(BodyValidator):
    """Validates query parameters. Integers become int, times milliseconds, and absent parameters their default."""

    where = "query"

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self._properties: Mapping[str, Schema] = schema["properties"]

    def read(self, arguments: Mapping[str, str]) -> dict[str, Any]:
        """All parameters of the operation by name; None for those without a value or default. Raises BadRequest."""
        if not arguments:
            return {name: schema.get("default") for name, schema in self._properties.items()}
        given = {
            name: _number(arguments[name], schema) for name, schema in self._properties.items() if name in arguments
        }
        self.check(given)
        return {name: self._value(name, given) for name in self._properties}

    def read_valid(self, arguments: Mapping[str, str]) -> dict[str, Any]:
        """Like read, but without the parameters that are invalid."""
        return self.read({name: arguments[name] for name in arguments if self._accepts(name, arguments[name])})

    def _accepts(self, name: str, text: str) -> bool:
        try:
            self.read({name: text})
        except BadRequest:
            return False
        return True

    def _value(self, name: str, given: Mapping[str, Any]) -> Any:
        schema = self._properties[name]
        if name not in given:
            return schema.get("default")
        if takes_times(schema):
            return time(given[name], self.where, [name])
        return given[name]


def time(text: str, where: str, path: list[str | int]) -> int:
    """A time in milliseconds. Raises BadRequest if it does not exist (February 30) or is out of range."""
    try:
        return parse(text)
    except ValueError as error:
        raise bad_request(Problem(where, _parameter(path), pointer(path), f"{FORMS}, {BOUNDS}", str(error))) from error


def pointer(path: list[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def described(value: Any) -> str:
    """A value as an error shows it: the beginning of its JSON, and its type."""
    text = ""
    # Piece by piece, because a value can be as large as a body. A key may begin in the visible part and end after it.
    room = _LONGEST_ACTUAL + KEY_LENGTH
    for piece in _ENCODER.iterencode(value[:room] if isinstance(value, str) else value):
        text += piece[:room]
        if len(text) > room:
            break
    return f"{_shortened(_MASKER(text), _LONGEST_ACTUAL)} ({_type_name(value)})"


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _number(text: str, schema: Schema) -> str | int:
    if schema.get("type") == "integer" and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text


def _parameter(path: list[str | int]) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "body")


def _names(value: Any, path: Iterable[str | int]) -> list[str | int]:
    """A path of jsonschema-rs, with the names of members as strings. It reports a member called "1" as the index 1."""
    names: list[str | int] = []
    for part in path:
        name = str(part) if isinstance(value, dict) else part
        names.append(name)
        value = value[name]
    return names


def _at(value: Any, path: list[str | int]) -> Any:
    for part in path:
        value = value[part]
    return value


def _expected(schema: Schema, path: list[str | int]) -> str:
    """What the keyword at the end of a schema path requires, in words."""
    node: Any = schema
    for part in path[:-1]:
        node = node[part]
    keyword = path[-1]
    asked = node[keyword]
    if keyword == "type":
        return " or ".join([asked] if isinstance(asked, str) else asked)
    if keyword in {"additionalProperties", "unevaluatedProperties"}:
        return "no such field, only " + ", ".join(node["properties"])
    if keyword in {"format", "anyOf"}:
        return str(node.get("description", asked))
    if keyword == "pattern" and "x-expected" in node:
        return str(node["x-expected"])
    words = {"minimum": f"at least {asked}", "maximum": f"at most {asked}", "minItems": f"at least {asked} entry"}
    words["maxItems"] = f"at most {asked} entries"
    words["maxLength"] = f"at most {asked} characters"
    return words.get(str(keyword), f"{keyword} {json.dumps(asked)}")


def _type_name(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")
