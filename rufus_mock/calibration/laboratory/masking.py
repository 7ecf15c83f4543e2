"""What a profile may show of an exchange: field names, texts of errors, and placeholders for everything else."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...client import specification
from ...contract.session.masking import Masker
from .answer import Answer

_MOST_LEVELS = 6
_MOST_MEMBERS = 30
_LONGEST = 300

_PERSONAL = ("alias", "name", "serial_number", "location", "event_token")
_SHORTEST = 4
_NUMBERS = ("inserted_count", "duplicate_count", "resumed_from", "limit", "code", "status", "statusCode")
_WORDS = (
    "in",
    "parameter",
    "pointer",
    "expected",
    "type",
    "code",
    "title",
    "error",
    "message",
    "description",
    "reason",
)

_PATTERNS = (
    (re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"), "<uuid>"),
    (re.compile(r"\b(?:ror-)?[0-9A-Fa-f]{16,}\b"), "<identifier>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<email>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<address>"),
    (re.compile(r"https?://\S+"), "<url>"),
    (re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])[\w=/+-]{20,}"), "<token>"),
    (re.compile(r"\b\d{6,}\b"), "<number>"),
)


class Mask:
    """Replaces what belongs to the account, or to this run, by placeholders. It learns from answers what that is."""

    def __init__(self, keys: Masker) -> None:
        self._keys = keys
        self._known: dict[str, str] = {}
        contract = specification()
        bodies = (answer for each in contract.operations.values() for answer in (each.success, *each.errors.values()))
        self._texts = {answer.text for answer in bodies}

    def hide(self, value: str, placeholder: str) -> None:
        """Replace a value wherever it appears."""
        if len(value) >= _SHORTEST:
            self._known[value] = placeholder

    def learn(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Replace the identifying values of these devices, sessions or events wherever they appear."""
        for row in rows:
            for name in _PERSONAL:
                if isinstance(row.get(name), str) and row[name] not in self._texts:
                    self.hide(row[name], f"<{name}>")

    def text(self, text: str) -> str:
        """A text with placeholders."""
        text = self._keys(text)
        for value in sorted(self._known, key=len, reverse=True):
            text = text.replace(value, self._known[value])
        for pattern, placeholder in _PATTERNS:
            text = pattern.sub(placeholder, text)
        return text

    def body(self, answer: Answer) -> Any:
        """The body of an answer. Of a success only its form and documented texts, of an error its own texts too."""
        value = answer.json
        if value is None and answer.content.strip() != "null":
            return self.text(answer.content[:_LONGEST]) if answer.status >= 400 else "<text>" if answer.content else ""
        return self._masked(value, "", answer.status >= 400)

    def proof(self, answer: Answer) -> dict[str, Any]:
        """An exchange as a profile shows it."""
        query = {name: self.text(str(value)) for name, value in answer.query.items()}
        return {
            "method": answer.method,
            "path": answer.template,
            **({"query": query} if query else {}),
            **({} if answer.key == "own" else {"key": answer.key}),
            "status": answer.status,
            "body": self.body(answer),
        }

    def _masked(self, value: Any, name: str, error: bool, level: int = 0) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return value if name in _NUMBERS else "<number>"
        if isinstance(value, str):
            return self._string(value, name, error)
        if level == _MOST_LEVELS:
            return "<more>"
        if isinstance(value, list):
            return [self._masked(value[0], name, error, level + 1)] if value else []
        members = list(value.items())[:_MOST_MEMBERS]
        return {self._name(key): self._masked(member, key, error, level + 1) for key, member in members}

    @staticmethod
    def _name(key: str) -> str:
        return key if re.fullmatch(r"[A-Za-z_][A-Za-z_]{0,40}", key) else "<field>"

    def _string(self, value: str, name: str, error: bool) -> str:
        if value in self._texts:
            return value
        if error and (name in _WORDS or not name):
            return self.text(value[:_LONGEST])
        return f"<{self._name(name).strip('<>')}>" if name else "<text>"
