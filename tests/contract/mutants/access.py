"""Defects in who may call what, and in what a company sees."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from rufus_mock.web.request import access
from rufus_mock.world import Company, Key
from tests.contract.mutants.mutant import BREAKING, NOTE, Spoil, add, mutant
from tests.contract.mutants.spoiling import asked, companies


def _admits(app: Flask, operation: str, admits: Callable[[Key], bool]) -> None:
    """Lets more keys, or fewer, into one operation."""
    guard = app.extensions["rufus_mock"].guard
    original = guard.identify

    def identify(environ: Any) -> tuple[Company, Key]:
        company, key = original(environ)
        if asked() == operation and admits(key):
            key = replace(key, access="READ_WRITE", unbind=True)
        return company, key

    guard.identify = identify


def _read_key_may(operation: str) -> Spoil:
    return lambda app: _admits(app, operation, lambda key: key.access == "READ")


for _operation in ("bindDevice", "insertSession", "closeSession", "insertPassings", "unbindDevice"):
    add(f"a_read_key_may_{_operation}", _operation, "403 WrongAccessType", _read_key_may(_operation))
for _operation, _kind in (("listDevices", BREAKING), ("listEvents", NOTE), ("getSessionPassings", BREAKING)):
    add(
        f"a_write_key_may_{_operation}",
        _operation,
        "403 WrongAccessType",
        lambda app, operation=_operation: _admits(app, operation, lambda key: key.access == "WRITE"),  # type: ignore[misc]
        _kind,
    )
add(
    "unbind_needs_no_permission",
    "unbindDevice",
    "403 WrongAccessType",
    lambda app: _admits(app, "unbindDevice", lambda key: key.access == "WRITE"),
)


@mutant("getDevice", "companies-apart", NOTE)
def another_companys_device_is_visible(app: Flask) -> None:
    first, second = companies(app)[:2]
    second.devices.describe = first.devices.describe  # type: ignore[method-assign]


@mutant("getSession", "both-key-headers")
def x_api_key_is_not_read(app: Flask) -> None:
    _without_header(app, "x-api-key")


@mutant("getSession", "both-key-headers")
def api_key_is_dropped_on_the_way(app: Flask) -> None:
    _without_header(app, "api_key")


def _without_header(app: Flask, name: str) -> None:
    guard: access.Guard = app.extensions["rufus_mock"].guard
    variable = "HTTP_" + name.upper().replace("-", "_")
    guard._variables = [other for other in guard._variables if other != variable]


@mutant("getDeviceSessions", "key-required")
def a_missing_key_is_the_first_companys(app: Flask) -> None:
    lets_in(app, lambda key: key is None)


@mutant("getDevice", "key-required")
def an_unknown_key_is_the_first_companys(app: Flask) -> None:
    lets_in(app, lambda key: key is not None and key.startswith("ror-0000"))


def lets_in(app: Flask, anyone: Callable[[str | None], bool], operation: str | None = None) -> None:
    """Takes some keys, or none, for the first company's; for all operations or one."""
    guard = app.extensions["rufus_mock"].guard
    original = guard.identify

    def identify(environ: Any) -> tuple[Company, Key]:
        if operation in (None, asked()) and anyone(guard.api_key(environ)):
            company = companies(app)[0]
            return company, next(key for key in company.keys.values() if key.unbind)
        found: tuple[Company, Key] = original(environ)
        return found

    guard.identify = identify
