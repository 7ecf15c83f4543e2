"""A profile, on the command line: serve it, and let the contract kit expect it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from rufus_mock.assumptions.profile import ProfileError
from rufus_mock.testing.mock import RufusMock
from tests.commands.test_cli import KEY, run, serving

MADE = {"at": "2026-05-10T09:00:00+00:00", "version": "0.1.0", "dialect": "pages", "writes": False, "requests": 100}


def profile(path: Path, dialect: str = "pages", **variants: str) -> str:
    """A profile that has measured these variants, with __ for the dot in the id."""
    proof = [{"method": "GET", "path": "/devices", "status": 200, "body": {}}]
    verdicts = {
        id.replace("__", ".").replace("_", "-"): {"verdict": "measured", "variant": variant, "proof": proof}
        for id, variant in variants.items()
    }
    content = {"profile": 1, "made": {**MADE, "dialect": dialect}, "assumptions": verdicts, "texts": {}}
    path.write_text(json.dumps(content))
    return str(path)


@pytest.fixture
def measured(tmp_path: Path) -> str:
    return profile(tmp_path / "profile.json", access__missing_key="401", sessions__order="newest-first")


def test_serve_follows_a_profile_and_assume_takes_precedence(measured: str) -> None:
    with serving("--profile", measured) as (base_url, _):
        assert requests.get(f"{base_url}/devices", timeout=10).status_code == 401
    with serving("--assume", "access.missing-key=403", RUFUS_MOCK_PROFILE=measured) as (base_url, _):
        assert requests.get(f"{base_url}/devices", timeout=10).status_code == 403


def test_serve_speaks_the_dialect_of_the_profile(tmp_path: Path) -> None:
    path = profile(tmp_path / "profile.json", "openapi")
    with serving("--profile", path) as (base_url, _):
        assert list(requests.get(f"{base_url}/devices", headers=KEY, timeout=10).json()) == ["body"]
    done = run("serve", "--profile", path, "--dialect", "pages")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--dialect pages: the profile was measured in the dialect openapi." in done.stderr


@pytest.mark.parametrize("command", [["serve"], ["contract"]])
def test_an_invalid_profile_is_said_in_one_line(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "profile.json"
    path.write_text('{"profile": 2}')
    done = run(*command, "--profile", str(path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"{path}: not a profile: at /" in done.stderr
    path = Path(profile(path, insert__duplicates="none"))
    assert "insert.duplicates: expected one of " in run(*command, "--profile", str(path)).stderr


def test_a_mock_in_python_follows_a_profile(measured: str) -> None:
    with RufusMock(profile=measured, assume={"sessions.order": "oldest-first"}) as mock:
        assert mock.assumptions["access.missing-key"] == "401"
        assert mock.assumptions["sessions.order"] == "oldest-first"
    with pytest.raises(ProfileError, match=r"nowhere\.json: cannot be read"):
        RufusMock(profile="nowhere.json")


@pytest.fixture
def target() -> Iterator[Any]:
    with RufusMock(assume={"access.missing-key": "401"}) as mock:
        yield mock


@pytest.mark.parametrize(
    ("variants", "status", "shown"),
    [
        ({"access__missing_key": "401"}, 0, "conforms"),
        ({"access__missing_key": "400"}, 1, "rests on missing-key (observed It was measured on this target.)"),
        ({"access__missing_key": "401", "sessions__order": "newest-first"}, 1, "rests on assumption sessions.order"),
    ],
)
def test_the_kit_expects_what_was_measured(
    tmp_path: Path, target: RufusMock, variants: dict[str, str], status: int, shown: str
) -> None:
    path = profile(tmp_path / "profile.json", **variants)
    limits = ("--rate", "10000", "--budget", "2000", "--examples", "2")
    done = run("contract", "--base-url", target.base_url, *limits, "--profile", path, RUFUS_API_KEY=KEY["api_key"])
    assert done.returncode == status, done.stdout + done.stderr
    assert shown in done.stdout
