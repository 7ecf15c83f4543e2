"""Whom the identifiers of a request belong to, and what they stand for."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from ...assumptions.access import OTHER_COMPANY
from ...assumptions.requests import IDENTIFIER_CASE, PATH_IDENTIFIER
from ...base.errors import OtherCompany
from ...spec.validation import Problem, bad_request, described
from ...world import Company, World

NAMES = ("deviceid", "token_session")
_FORM = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)

Parameters = TypeVar("Parameters", dict[str, str], dict[str, Any])


def check_form(company: Company, path: dict[str, str], unknown: list[str]) -> None:
    """Raises BadRequest for a malformed identifier in the path, if that is not just an unknown one."""
    for name in unknown:
        if not _FORM.fullmatch(path[name]) and company.assumptions[PATH_IDENTIFIER]():
            raise bad_request(Problem("path", name, f"/{name}", "64 upper-case hex digits", described(path[name])))


def resolved(world: World, company: Company, names: Iterable[str], parameters: Parameters) -> Parameters:
    """The parameters in the path, the query or the body, with the identifiers that those of the request stand for.

    names: which of them are identifiers. Raises OtherCompany for what another company owns, if it is not just unknown.
    """
    for name in names:
        identifier = parameters.get(name)
        if identifier is not None and not company.has(name, identifier):
            parameters = {**parameters, name: _resolved(world, company, name, identifier)}
    return parameters


def _resolved(world: World, company: Company, name: str, identifier: str) -> str:
    upper = identifier.upper() if _FORM.fullmatch(identifier) else identifier
    if upper != identifier and (company.has(name, upper) or world.has_elsewhere(company, name, upper)):
        identifier = company.assumptions[IDENTIFIER_CASE](identifier)
    elsewhere = not company.has(name, identifier) and world.has_elsewhere(company, name, identifier)
    if elsewhere and company.assumptions[OTHER_COMPANY]():
        raise OtherCompany
    return identifier
