"""A program that a test needs may be missing on a developer's machine, but not in CI."""

import pytest

from tests.programs import require

MISSING = "no-such-program-1, no-such-program-2"


def test_a_test_whose_programs_are_missing_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    require("sh")
    with pytest.raises(pytest.skip.Exception, match=f"^needs {MISSING}$"):
        require("sh", *MISSING.split(", "))


def test_in_ci_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    require("sh")
    with pytest.raises(pytest.fail.Exception, match=f"^needs {MISSING}; CI runs every test$"):
        require("sh", *MISSING.split(", "))
