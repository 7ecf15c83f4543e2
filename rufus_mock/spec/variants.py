"""What the chosen variants of assumptions change in the OpenAPI document, so that it describes what a mock really does.

A variant in `schemas/assumptions/` can have the member `document`, an object with these members:

- `status`: an object from each status of its operations to the one that replaces it.
- `responses`: an object from statuses to lists of schema files, which are further bodies of its operations.
- `merge`: an object from schema files to JSON merge patches (RFC 7396).
- `without_body`: a list of statuses without a body, in the dialect "pages".
- `removed`: true if its operations do not exist.
"""

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .assumptions import Assumption
from .bundle import METHODS
from .dialects import PAGES, Schema

Read = Callable[[str], Schema]


class Changes:
    """The changes of a list of chosen variants, each an assumption and the id of one of its variants."""

    def __init__(self, chosen: Iterable[tuple[Assumption, str]], dialect: str) -> None:
        self._chosen = [(assumption, variant) for assumption, variant in chosen if dialect in assumption.dialects]
        self._dialect = dialect

    def document(self, original: Schema) -> Schema:
        """The document with the changes: those of statuses, bodies and operations, and of the statements."""
        document: Schema = copy.deepcopy(original)
        for assumption, variant in self._chosen:
            change = dict(assumption.variants[variant].document)
            for path, method, operation in list(_operations(document)):
                if operation["operationId"] in assumption.operations:
                    if change.get("removed"):
                        del document["paths"][path][method]
                    self._change(operation["responses"], change, document)
                    operation.setdefault("x-assumptions", {})[assumption.id] = variant
        for path in [path for path, item in document["paths"].items() if not item]:
            del document["paths"][path]
        document["x-assumptions"] = {assumption.id: variant for assumption, variant in self._chosen}
        self._restate(document)
        return document

    def reading(self, read: Read) -> Read:
        """A function that reads files as `read` does, with the changes of their schemas."""
        patches: dict[str, list[Any]] = {}
        for assumption, variant in self._chosen:
            for name, patch in assumption.variants[variant].document.get("merge", {}).items():
                patches.setdefault(name, []).append(patch)

        def read_merged(name: str) -> Schema:
            content: Any = read(name)
            for patch in patches.get(name, ()):
                content = merged(content, patch)
            return dict(content)

        return read_merged

    def _change(self, responses: dict[str, Any], change: Schema, document: Schema) -> None:
        for old, new in change.get("status", {}).items():
            moved = responses.pop(old)
            responses[new] = moved if new not in responses else _either(_own(responses[new], document), moved)
        for status, files in change.get("responses", {}).items():
            for name in files:
                response = _own(responses[status], document) if status in responses else None
                responses[status] = _either(response, _response(name))
        if self._dialect == PAGES:
            for status in change.get("without_body", ()):
                if status in responses:
                    responses[status] = {"description": _own(responses[status], document)["description"]}

    def _restate(self, document: Schema) -> None:
        """Replace the statements of rules that rest on an assumption by the sentences of the chosen variants."""
        sentences = {assumption.id: assumption.variants[variant].sentence for assumption, variant in self._chosen}
        rules = [*document["x-rules"], *(rule for _, _, each in _operations(document) for rule in each["x-rules"])]
        for rule in rules:
            chosen = [id for id in rule["x-evidence"].get("assumptions", ()) if id in sentences]
            if chosen:
                rule["statement"] = " ".join(sentences[id] for id in chosen)


def merged(value: Any, patch: Any) -> Any:
    """A value with a JSON merge patch applied. Neither is changed."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for name, part in patch.items():
        if part is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), part)
    return result


def _operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _own(response: Schema, document: Schema) -> Schema:
    """A response that can be changed without changing others."""
    if "$ref" in response:
        name = response["$ref"].rpartition("/")[2]
        response = document["components"]["responses"][name]
    return copy.deepcopy(response)


def _response(name: str) -> Schema:
    return {"description": "", "content": {"application/json": {"schema": {"$ref": name}}}}


def _either(response: Schema | None, other: Schema) -> Schema:
    """A response with the bodies of both."""
    if response is None or "content" not in response:
        return {**other, "description": other["description"] or "See the body."}
    bodies: list[Any] = []
    for each in (response, other):
        schema = each["content"]["application/json"]["schema"]
        bodies += [body for body in schema.get("anyOf", [schema]) if body not in bodies]
    schema = bodies[0] if len(bodies) == 1 else {"anyOf": bodies}
    return {**response, "content": {"application/json": {"schema": schema}}}
