"""Further ways to spoil an application: methods of its world, single fields, and text instead of parsed JSON."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, request

from tests.contract.mutants.mutant import Spoil
from tests.contract.mutants.spoiling import answers, asked, companies, each, raw, sent

Change = Callable[[Any], Any]

RANGE, SPAN, ONWARDS = "getSessionPassings", "getDevicePassings", "continueDevicePassings"
"""The three reads of passings: by number, by time, and onwards into the next session."""


def instead(part: str, method: str, do: Callable[..., Any]) -> Spoil:
    """Replaces a method of each company, or of a part of it: do(company, original, *arguments)."""

    def spoil(app: Flask) -> None:
        for company in companies(app):
            owner: Any = getattr(company, part) if part else company
            setattr(owner, method, partial(do, company, getattr(owner, method)))

    return spoil


def field(name: str, change: Change) -> Callable[[Any], None]:
    """Changes a field of an object, if it is there and not null."""

    def changed(thing: Any) -> None:
        if thing.get(name) is not None:
            thing[name] = change(thing[name])

    return changed


def text_of(name: str, change: Callable[[str], str]) -> Callable[[Any], None]:
    """Changes a field of an object, if it is text."""
    return field(name, lambda value: change(value) if isinstance(value, str) else value)


def of_each_sent(change: Callable[[Any], Any]) -> Spoil:
    """Changes each passing of an insert, before it is checked."""
    return sent("insertPassings", lambda body: [change(passing) for passing in body["passings_list"]])


def of_each_read(operation: str, change: Callable[[Any], Any], only: Callable[[], bool] = lambda: True) -> Spoil:
    """Changes each passing that a read lists, in the requests in question."""
    return answers(operation, lambda body: each(change)(body) if only() else None)


def of_entries(operation: str, change: Callable[[Any], Any]) -> Spoil:
    """Changes the object in the result of an operation, or each object in its list."""

    def changed(body: dict[str, Any]) -> None:
        result = body["result"]
        for entry in result if isinstance(result, list) else [result]:
            change(entry)

    return answers(operation, changed)


def rows_if(operation: str, only: Callable[[], bool], change: Callable[[list[Any]], Any]) -> Spoil:
    """Changes the list of passings of a read, in the requests in question; in place or for another list."""

    def changed(body: dict[str, Any]) -> None:
        name = "passings" if "passings" in body else "result"
        other = change(body[name]) if only() else None
        if other is not None:
            body[name] = other

    return answers(operation, changed)


def asks(*names: str) -> bool:
    """Whether the query of the request has all these parameters."""
    return all(name in request.args for name in names)


def on_page(number: int) -> bool:
    return request.args.get("page", "1") == str(number)


def in_text(operation: str, pattern: bytes, replacement: bytes, count: int = 0) -> Spoil:
    """Replaces what matches in the text of the successes of an operation."""

    def change(response: Response) -> None:
        response.set_data(re.sub(pattern, replacement, response.get_data(), count=count))

    return raw(operation, change, lambda status: status < 300)


def whole_text(operation: str, text: bytes) -> Spoil:
    """Replaces the text of the successes of an operation."""
    return raw(operation, lambda response: response.set_data(text), lambda status: status < 300)


def queries_of(operation: str, change: Callable[[dict[str, str]], Any]) -> Spoil:
    """Changes the query of an operation, as its view gets it."""

    def spoil(app: Flask) -> None:
        @app.before_request
        def changed() -> None:
            if asked() == operation:
                query = request.args.to_dict()
                change(query)
                request.args = type(request.args)(query)

    return spoil
