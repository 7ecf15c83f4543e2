"""What the doctor says."""

from dataclasses import dataclass

OK, NOTE, WRONG, NOT_ASKED = "ok", "note", "WRONG", "-"


@dataclass(frozen=True)
class Finding:
    """The answer to a question: ok, a note, wrong, or not asked; what was seen, and how to mend it."""

    question: str
    verdict: str
    text: str
