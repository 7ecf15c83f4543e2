"""The options and the configuration of --rufus-assumptions."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pytest

from ...assumptions.chosen import InvalidAssumption
from ...spec.contract import Contract
from .accepted import Accepted

OPTION = "--rufus-assumptions"
JSON_OPTION = "--rufus-assumptions-json"
HTML_OPTION = "--rufus-assumptions-html"
ACCEPTED = "rufus_accepted_assumptions"

REPORT, FLIP, STRICT = MODES = ("report", "flip", "strict")
_MODES = "report, flip or strict"


@dataclass(frozen=True)
class Settings:
    """What the run is asked for. json, html: the files to write. url: of the mock, if it runs in another process."""

    mode: str
    accepted: Accepted
    json: Path | None
    html: Path | None
    url: str | None

    @classmethod
    def of(cls, config: pytest.Config) -> "Settings":
        """Read the options. Raises UsageError, in one line."""
        mode = config.getoption(OPTION)
        files = {name: config.getoption(name) for name in (JSON_OPTION, HTML_OPTION)}
        given = [name for name, value in files.items() if value is not None]
        if mode is None:
            raise pytest.UsageError(f"{given[0]}: needs {OPTION}={_MODES}")
        if mode not in MODES:
            close = get_close_matches(mode, MODES, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise pytest.UsageError(f"{OPTION}: expected {_MODES}, found {mode!r}{hint}")
        try:
            accepted = Accepted.parsed(config.getini(ACCEPTED), Contract().assumptions)
        except InvalidAssumption as error:
            raise pytest.UsageError(f"{ACCEPTED}: {error}") from error
        paths = {name: _file(config, name, value) for name, value in files.items() if value is not None}
        return cls(mode, accepted, paths.get(JSON_OPTION), paths.get(HTML_OPTION), config.getoption("--rufus-url"))


def _file(config: pytest.Config, option: str, name: str) -> Path:
    """The path of a file to write, in a folder that exists from now on."""
    path = config.invocation_params.dir / Path(name).expanduser()
    if not name or path.is_dir():
        raise pytest.UsageError(f"{option}: expected a file, found {'the folder ' if name else ''}{name!r}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise pytest.UsageError(f"{option}: cannot create the folder of {name!r}: {error.strerror}") from error
    return path
