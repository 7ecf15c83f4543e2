"""The result of one check."""

from dataclasses import dataclass

OK, NOTE, WRONG, NOT_ASKED = "ok", "note", "WRONG", "-"


@dataclass(frozen=True)
class Finding:
    """The result of one check. verdict: OK, NOTE, WRONG or NOT_ASKED. text: what was found, and how to fix it."""

    question: str
    verdict: str
    text: str
