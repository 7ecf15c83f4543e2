"""Profiles are read, checked, and turned into chosen variants."""

import json
from pathlib import Path
from typing import Any

import pytest

from rufus_mock.assumptions.profile import ProfileError, measured, read_profile, write_profile

MADE = {"at": "2026-11-25T12:00:00+00:00", "version": "0.1.0", "dialect": "pages", "writes": True, "requests": 9}
EXCHANGE = {"method": "GET", "path": "/devices", "status": 403, "body": {"message": "Forbidden"}}


def profile(**verdicts: Any) -> dict[str, Any]:
    assumptions = {id.replace("__", ".").replace("_", "-"): verdict for id, verdict in verdicts.items()}
    return {"profile": 1, "made": MADE, "assumptions": assumptions, "texts": {}}


def verdict(variant: str, **more: Any) -> dict[str, Any]:
    return {"verdict": "measured", "variant": variant, **more, "proof": [EXCHANGE]}


def test_only_what_was_measured_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    written = profile(
        access__missing_key=verdict("401"),
        access__body_403=verdict("captured", text='{"message":"Forbidden"}'),
        access__unknown_key={"verdict": "other", "captured": EXCHANGE},
        sessions__none={"verdict": "contradictory", "seen": [{"fits": ["200"], "proof": [EXCHANGE]}]},
        sessions__order={"verdict": "not-reached", "needs": "a device with two sessions"},
    )
    write_profile(written, path)
    assert read_profile(path) == written
    assert measured(written) == {
        "access.missing-key": "401",
        "access.body-403": 'captured:{"message":"Forbidden"}',
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1", "not JSON"),
        ("[]", "not a profile: at /: expected object, found [] (array)"),
        ("{}", "not a profile: at /profile: expected a value: it is required, found missing"),
        (json.dumps({**profile(), "profile": 2}), "not a profile: at /profile"),
        (json.dumps(profile(access__missing_key={"verdict": "guessed"})), "at /assumptions/access.missing-key/verdict"),
        (
            json.dumps(profile(access__missing_key={"verdict": "measured", "proof": []})),
            "at /assumptions/access.missing-key/variant: expected a value: it is required, found missing",
        ),
        (
            json.dumps(profile(access__missing_key={"verdict": "not-reached"})),
            "access.missing-key/needs: expected a value",
        ),
        (json.dumps(profile(access__missing_key=verdict("402"))), "access.missing-key: expected one of "),
        (json.dumps(profile(access__missing_keys=verdict("400"))), "access.missing-key"),
        (json.dumps(profile(access__missing_key=verdict("400", text="x"))), "access.missing-key"),
    ],
)
def test_an_invalid_file_is_an_error_of_one_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "profile.json"
    path.write_text(content)
    with pytest.raises(ProfileError) as error:
        read_profile(path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read: No such file or directory"):
        read_profile(tmp_path / "profile.json")


def test_an_invalid_profile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    with pytest.raises(ProfileError, match="not a profile"):
        write_profile({"profile": 1}, path)
    assert not path.exists()
