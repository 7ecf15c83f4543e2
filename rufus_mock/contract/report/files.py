"""The files that a run writes."""

import json
from pathlib import Path

from ...base.printable import printable_json
from ..session.masking import Masker
from .html import write_html
from .junit import write_junit
from .markdown import write_markdown
from .report import Report, as_dict

__all__ = ["write_html", "write_json", "write_junit", "write_markdown"]


def write_json(report: Report, path: Path, mask: Masker) -> None:
    """Writes the whole report. It can serve as a --baseline."""
    text = json.dumps(mask.mask(as_dict(report)), indent=2, ensure_ascii=False)
    path.write_text(printable_json(text) + "\n", encoding="utf-8")
