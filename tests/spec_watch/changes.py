"""Functions that change the vendor's document."""

from collections.abc import Callable
from typing import Any

from tests.spec_watch.documents import Content

Change = Callable[[Content], object]


def schema(name: str, **keywords: Any) -> Change:
    """Replaces keywords of a schema."""
    return lambda document: document["components"]["schemas"][name].update(keywords)


def field(title: str, name: str, **keywords: Any) -> Change:
    """Replaces keywords of a field."""
    return lambda document: document["components"]["schemas"][title]["properties"][name].update(keywords)


def new_field(title: str, name: str, required: bool = False) -> Change:
    def change(document: Content) -> None:
        content = document["components"]["schemas"][title]
        content["properties"][name] = {"type": "string"}
        if required:
            content["required"] = [*content["required"], name]

    return change


def required(title: str, name: str, now: bool) -> Change:
    def change(document: Content) -> None:
        content = document["components"]["schemas"][title]
        content["required"] = (
            [*content.get("required", ()), name] if now else [each for each in content["required"] if each != name]
        )

    return change


def without_field(title: str, name: str) -> Change:
    def change(document: Content) -> None:
        content = document["components"]["schemas"][title]
        del content["properties"][name]
        content["required"] = [each for each in content.get("required", ()) if each != name]

    return change


def operation(path: str, method: str, **members: Any) -> Change:
    return lambda document: document["paths"][path][method].update(members)


def moved(path: str, other: str) -> Change:
    return lambda document: document["paths"].update({other: document["paths"].pop(path)})


def parameter(path: str, made: dict[str, Any]) -> Change:
    def change(document: Content) -> None:
        found = document["paths"][path]["get"]
        found["parameters"] = [*found["parameters"], {"in": "query", "schema": {"type": "string"}, **made}]

    return change


def without_parameters(path: str) -> Change:
    return operation(path, "get", parameters=[])


def status(path: str, method: str, old: str, new: str) -> Change:
    def change(document: Content) -> None:
        responses = document["paths"][path][method]["responses"]
        responses[new] = responses.pop(old)

    return change
