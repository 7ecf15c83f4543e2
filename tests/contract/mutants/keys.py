"""Keys that are accepted although they are only nearly right, or only in one header."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from rufus_mock.world import Company, Key
from tests.contract.mutants.mutant import Spoil, add
from tests.contract.mutants.spoiling import asked, companies


def _identifies(app: Flask, find: Callable[[str, list[str]], str | None], operation: str) -> None:
    """Finds a key by what was sent, and by all keys that there are."""
    guard = app.extensions["rufus_mock"].guard
    original = guard.identify

    def identify(environ: Any) -> tuple[Company, Key]:
        given = guard.api_key(environ)
        if given is not None and asked() == operation:
            for company in companies(app):
                found = find(given, list(company.keys))
                if found is not None:
                    return company, company.keys[found]
        known: tuple[Company, Key] = original(environ)
        return known

    guard.identify = identify


def _first(keys: list[str], same: Callable[[str], bool]) -> str | None:
    return next((key for key in keys if same(key)), None)


_WAYS: dict[str, Callable[[str, list[str]], str | None]] = {
    "in_any_case": lambda given, keys: _first(keys, lambda key: key.lower() == given.lower()),
    "by_its_beginning": lambda given, keys: _first(keys, lambda key: len(given) > 7 and key.startswith(given)),
    "with_more_behind_it": lambda given, keys: _first(keys, given.startswith),
    "but_for_its_last_character": lambda given, keys: _first(keys, lambda key: key[:-1] == given[:-1]),
    "with_spaces_in_it": lambda given, keys: _first(keys, lambda key: key == given.replace(" ", "")),
}
for _number, (_name, _find) in enumerate(_WAYS.items()):
    for _operation in (("listDevices", "bindDevice"), ("getSession", "insertPassings"))[_number % 2]:
        add(
            f"{_operation}_takes_a_key_{_name}",
            _operation,
            "key-required",
            lambda app, find=_find, operation=_operation: _identifies(app, find, operation),  # type: ignore[misc]
        )


def _not_in(header: str, operation: str) -> Spoil:
    variable = "HTTP_" + header.upper().replace("-", "_")

    def spoil(app: Flask) -> None:
        guard = app.extensions["rufus_mock"].guard
        original = guard.api_key

        def api_key(environ: Any) -> str | None:
            found: str | None = original(environ)
            return None if asked() == operation and environ.get(variable) == found else found

        guard.api_key = api_key

    return spoil


for _operation in ("bindDevice", "insertSession", "closeSession", "insertPassings", "unbindDevice"):
    add(f"{_operation}_does_not_read_x_api_key", _operation, "both-key-headers", _not_in("x-api-key", _operation))


def _read_key_in_x_api_key_writes(app: Flask) -> None:
    guard = app.extensions["rufus_mock"].guard
    original = guard.identify

    def identify(environ: Any) -> tuple[Company, Key]:
        company, key = original(environ)
        if environ.get("HTTP_X_API_KEY") and asked() == "insertSession":
            key = replace(key, access="READ_WRITE")
        return company, key

    guard.identify = identify


add(
    "a_read_key_in_x_api_key_opens_sessions",
    "insertSession",
    "403 WrongAccessType",
    _read_key_in_x_api_key_writes,
    examples=6,
)
