"""Keys: near misses that are let in, headers that work for some operations only, permissions that are not checked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Flask, request

from rufus_mock.base.errors import WrongAccessType
from rufus_mock.client import KEY_HEADERS, specification
from rufus_mock.world import Company, Key
from tests.contract.mutants.classes.defect import defect
from tests.contract.mutants.mutant import Spoil
from tests.contract.mutants.spoiling import asked, companies

_add = partial(defect, "keys")

_ALL = " ".join(specification().operations)
_WRITES = " ".join(each.id for each in specification().operations.values() if each.method != "GET")
_UNKNOWN = ("key-required", "403 UnknownApiKey", "access")
_MAY_NOT = ("403 WrongAccessType", "access")

Identified = tuple[Company, Key]


def _identifies(decide: Callable[[Flask, Any, Callable[[Any], Identified]], Identified]) -> Spoil:
    """Replaces how a request's company and key are found: decide(app, environ, original)."""

    def spoil(app: Flask) -> None:
        guard = app.extensions["rufus_mock"].guard
        original = guard.identify
        guard.identify = lambda environ: decide(app, environ, original)

    return spoil


def _takes(operations: str, same: Callable[[str, str], bool]) -> Spoil:
    """Takes a key that nobody has for one that is nearly the same: same(given, key)."""

    def decide(app: Flask, environ: Any, original: Any) -> Identified:
        given = app.extensions["rufus_mock"].guard.api_key(environ)
        if given is not None and asked() in operations.split():
            for company in companies(app):
                for key in company.keys.values():
                    if same(given, key.api_key):
                        return company, key
        found: Identified = original(environ)
        return found

    return _identifies(decide)


def _near_miss(name: str, operations: str, same: Callable[[str, str], bool]) -> None:
    _add(name, operations, _UNKNOWN, _takes(operations, same))


_near_miss("keys_are_compared_without_regard_to_case", _ALL, lambda given, key: given.lower() == key.lower())
_near_miss("a_prefix_of_a_key_is_enough", _ALL, lambda given, key: len(given) >= 12 and key.startswith(given))
_near_miss("a_key_may_go_on", _ALL, lambda given, key: given.startswith(key))
_near_miss("a_key_needs_no_ror", _ALL, lambda given, key: f"ror-{given}" == key)
_near_miss("inserts_compare_16_characters_of_a_key", "insertPassings", lambda given, key: given[:16] == key[:16])
_near_miss(
    "the_last_character_of_a_key_does_not_matter_to_a_read",
    "getSessionPassings",
    lambda given, key: given[:-1] == key[:-1],
)
_near_miss("upper_case_keys_may_unbind", "unbindDevice", lambda given, key: given == key.upper())


def _needs_header(operations: str, name: str) -> Spoil:
    """Some operations do not read the key in the other header."""
    (other,) = ("HTTP_" + each.upper().replace("-", "_") for each in KEY_HEADERS if each != name)

    def decide(_: Flask, environ: Any, original: Any) -> Identified:
        if asked() in operations.split():
            environ = {variable: value for variable, value in environ.items() if variable != other}
        found: Identified = original(environ)
        return found

    return _identifies(decide)


_HEADERS = ("both-key-headers", "access", "400 MissingApiKey")
_add("x_api_key_is_not_read_by_writes", _WRITES, _HEADERS, _needs_header(_WRITES, "api_key"))
_add("x_api_key_is_not_read_by_one_write", "closeSession", _HEADERS, _needs_header("closeSession", "api_key"))
_add("api_key_is_not_read_by_inserts", "insertPassings", _HEADERS, _needs_header("insertPassings", "x-api-key"))
_add("api_key_is_not_read_by_one_read", "getActiveSession", _HEADERS, _needs_header("getActiveSession", "x-api-key"))


def _access(operation: str, change: Callable[[Key], Key]) -> Spoil:
    """One operation takes a key to have another access type."""

    def decide(_: Flask, environ: Any, original: Any) -> Identified:
        company, key = original(environ)
        return company, change(key) if asked() == operation else key

    return _identifies(decide)


def _all_rights(key: Key) -> Key:
    return replace(key, access="READ_WRITE", unbind=True)


for _operation in ("getActiveSession", "getDevicePassings", "continueDevicePassings"):
    _add(f"any_key_may_{_operation}", _operation, _MAY_NOT, _access(_operation, _all_rights))


def _lets_any_through(key: Key) -> Key:
    return _all_rights(key) if "x-api-key" in request.headers and "api_key" not in request.headers else key


_add("any_key_in_x_api_key_may_close", "closeSession", _MAY_NOT, _access("closeSession", _lets_any_through))
_add("any_key_in_x_api_key_may_unbind", "unbindDevice", _MAY_NOT, _access("unbindDevice", _lets_any_through))


def _shut_out(operation: str, shut: Callable[[Key], bool]) -> Spoil:
    def decide(_: Flask, environ: Any, original: Any) -> Identified:
        company, key = original(environ)
        if asked() == operation and shut(key):
            raise WrongAccessType
        return company, key

    return _identifies(decide)


_add(
    "a_read_write_key_may_not_read_on",
    "continueDevicePassings",
    ("access", "200 PassingsContinued"),
    _shut_out("continueDevicePassings", lambda key: key.access == "READ_WRITE"),
)
_add(
    "a_write_key_may_not_close",
    "closeSession",
    ("access", "200 SessionClosed"),
    _shut_out("closeSession", lambda key: key.access == "WRITE"),
)


def _empty_key(app: Flask, environ: Any, original: Any) -> Identified:
    if asked() == "getDevice" and "" in (environ.get("HTTP_API_KEY"), environ.get("HTTP_X_API_KEY")):
        company = companies(app)[0]
        return company, _all_rights(next(iter(company.keys.values())))
    found: Identified = original(environ)
    return found


_add("an_empty_key_is_the_first_companys", "getDevice", ("key-required", "400 MissingApiKey"), _identifies(_empty_key))
