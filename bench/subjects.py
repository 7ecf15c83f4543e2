"""What bench/server.py compares, and a row of its table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from processes import BIN, Served

KEY = "ror-ae4fc6c19681a20fad30"
HEADERS = {"api_key": KEY}
WRK_HEADERS = [f"api_key: {KEY}"]
SESSION = "/v0/sessions/2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25"
PASSINGS_PAGE = "/v0/passings/session/6E052EF7876A8998955E846E4F2D365EB017EE46BC13E15E78F8A8493DD8DB4C"

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """A row of the table. figure: what the target applies to. noise: how much the rounds differ."""

    name: str
    mock: str
    baseline: str
    figure: str
    target: str
    met: bool
    noise: str

    def cells(self) -> list[str]:
        return [
            self.name,
            self.mock,
            self.baseline,
            self.figure,
            self.noise,
            self.target,
            "yes" if self.met else "**NO**",
        ]


HEADER = ["", "rufus-mock", "compared with", "figure", "noise", "target", "met"]


@dataclass(frozen=True)
class Effort:
    """The length of a round, and how many there are."""

    seconds: float
    rounds: int


def mock(fixture: str = "documented") -> Served:
    """rufus-mock as users start it, with its access log on."""
    return Served([BIN / "rufus-mock", "serve", "--port", "PORT", "--fixture", fixture], "/v0/devices", HEADERS)


def bare(page: Path | None = None) -> Served:
    """The bare Flask application."""
    environment = {"BENCH_PAGE": str(page)} if page else {}
    return Served([BIN / "python", HERE / "bare.py", "PORT"], "/", environment=environment)


@contextmanager
def both() -> Iterator[tuple[Served, Served]]:
    """rufus-mock, and the bare application, whose /page returns the same bytes as a page of rufus-mock."""
    with TemporaryDirectory() as folder, mock() as ours:
        page = Path(folder) / "page.json"
        page.write_bytes(ours.call("GET", PASSINGS_PAGE, headers=HEADERS))
        with bare(page) as theirs:
            yield ours, theirs
