"""Reads and writes profiles: the files in which `rufus-mock calibrate` describes how an API behaves."""

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from ..base import json_text
from ..base.json_text import JsonTextError
from ..base.printable import printable_json
from ..spec.contract import Contract
from ..spec.validation import BodyValidator
from .chosen import InvalidAssumption, checked
from .statement import SEPARATOR

_MOST_LEVELS = 64
_MOST_PROBLEMS = 3


class ProfileError(ValueError):
    """A file that is not a valid profile. The message names the file and the place in it, in one line."""


def read_profile(path: Path, contract: Contract | None = None) -> dict[str, Any]:
    """A profile as it was written. contract: the contract whose assumptions it must know. Raises ProfileError."""
    try:
        content = json_text.parse(path.read_bytes(), _MOST_LEVELS)
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror or error}") from error
    except JsonTextError as error:
        raise ProfileError(f"{path}: {error}") from error
    _check(content, str(path), contract or Contract())
    profile: dict[str, Any] = content
    return profile


def write_profile(profile: Mapping[str, Any], path: Path, contract: Contract | None = None) -> None:
    """Write a profile. Raises ProfileError if it is not valid, and OSError if it cannot be written."""
    _check(profile, str(path), contract or Contract())
    path.write_text(printable_json(json.dumps(profile, indent=2, ensure_ascii=False)) + "\n", encoding="utf-8")


def measured(profile: Mapping[str, Any]) -> dict[str, str]:
    """The variants that were measured, by the ids of their assumptions, in the form in which variants are chosen."""
    return {
        id: verdict["variant"] + (f"{SEPARATOR}{verdict['text']}" if "text" in verdict else "")
        for id, verdict in profile["assumptions"].items()
        if verdict["verdict"] == "measured"
    }


def _check(profile: Any, name: str, contract: Contract) -> None:
    validator = BodyValidator(contract.schema("profile"))
    problems = [
        f"at {problem.pointer or '/'}: expected {problem.expected}, found {problem.actual}"
        for problem in islice(validator.problems(profile), _MOST_PROBLEMS)
    ]
    if problems:
        raise ProfileError(f"{name}: not a profile: {'; '.join(problems)}")
    try:
        checked(measured(profile), contract.assumptions)
    except InvalidAssumption as error:
        raise ProfileError(f"{name}: {error}") from error
