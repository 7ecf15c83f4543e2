"""Whom the identifiers of a request belong to, and what they stand for."""

import re
from typing import Any

from ...assumptions.access import OTHER_COMPANY
from ...assumptions.requests import IDENTIFIER_CASE, PATH_IDENTIFIER
from ...base.errors import OtherCompany
from ...spec.validation import Problem, bad_request, described
from ...world import Company, World

_NAMES = ("deviceid", "token_session")
_FORM = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)


def check_path(company: Company, path: dict[str, str]) -> None:
    """Raises BadRequest for a malformed identifier in the path, if that is not just an unknown one."""
    for name, identifier in path.items():
        unknown = not company.has(name, identifier)
        if unknown and not _FORM.fullmatch(identifier) and company.assumptions[PATH_IDENTIFIER]():
            raise bad_request(Problem("path", name, f"/{name}", "64 upper-case hex digits", described(identifier)))


def resolve(world: World, company: Company, *places: dict[str, Any]) -> None:
    """Replace each identifier in the path, the query and the body by the one that it stands for.

    Raises OtherCompany for what another company owns, if that is not just unknown.
    """
    for place in places:
        for name in _NAMES:
            identifier = place.get(name)
            if identifier is not None and not company.has(name, identifier):
                place[name] = _resolved(world, company, name, identifier)


def _resolved(world: World, company: Company, name: str, identifier: str) -> str:
    upper = identifier.upper() if _FORM.fullmatch(identifier) else identifier
    if upper != identifier and (company.has(name, upper) or world.has_elsewhere(company, name, upper)):
        identifier = company.assumptions[IDENTIFIER_CASE](identifier)
    elsewhere = not company.has(name, identifier) and world.has_elsewhere(company, name, identifier)
    if elsewhere and company.assumptions[OTHER_COMPANY]():
        raise OtherCompany
    return identifier
