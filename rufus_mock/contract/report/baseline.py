"""Known findings that a run accepts, so that a nightly run reports only new ones."""

import json
from pathlib import Path


class BaselineError(Exception):
    """The file is no baseline. The message names it."""


class Baseline:
    """The fingerprints in a file: a JSON report of a run, or a list of its findings."""

    def __init__(self, fingerprints: frozenset[str]) -> None:
        self._fingerprints = fingerprints

    @classmethod
    def read(cls, path: Path) -> "Baseline":
        """Reads the file. Raises BaselineError if it is no baseline."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            findings = [*content["findings"], *content.get("accepted", ())] if isinstance(content, dict) else content
            return cls(frozenset(finding["fingerprint"] for finding in findings))
        except OSError as error:
            raise BaselineError(f"{path}: cannot be read: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BaselineError(f"{path}: no baseline: expected what --json writes") from error

    def __contains__(self, fingerprint: str) -> bool:
        return fingerprint in self._fingerprints
