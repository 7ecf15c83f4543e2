"""Fills a world from fixture files. The format is schemas/fixture.json."""

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import json_text
from .csv_format import CsvError, read_csv
from .errors import DeviceAlreadyBound
from .generated import Generated, generated
from .json_text import JsonTextError
from .resources import folder
from .specification import Specification
from .timestamps import BOUNDS, LATEST, parse, render
from .validation import BodyValidator
from .world import Company, Device, Event, Key, Session, World
from .world.passings import Passing, passing
from .world.state import SESSION_LENGTH

if TYPE_CHECKING:
    from .race import Race

DEFAULT_FIXTURE = "documented"

_MOST_PROBLEMS = 5


class FixtureError(Exception):
    """A fixture that cannot be loaded. The message names the file, the place in it, and what is wrong there.

    place is a JSON Pointer, reason what is wrong at it; None where the file as a whole is wrong.
    """

    def __init__(self, message: str, place: str | None = None, reason: str | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.reason = reason


def fixture_names() -> list[str]:
    """The fixtures that come with the project."""
    return sorted(path.stem for path in folder("fixtures").glob("*.json"))


def load_fixtures(world: World, specification: Specification, names: Sequence[str | Path]) -> None:
    """Adds fixtures to a world, one after the other. A company that stands in several gets what all of them say.

    A name is one of fixture_names() or the path of a file. Raises FixtureError.
    """
    read = _Reader(specification)
    with _without_collection():
        for name in names:
            path = fixture_path(name)
            Loader(world, specification, path).load(read(path))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Nothing of what a fixture builds is garbage, and to look for it takes a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def load_snapshot(world: World, specification: Specification, path: Path) -> None:
    """Adds what a snapshot holds to a world. Raises FixtureError, for a fixture that is no snapshot too."""
    content = _Reader(specification)(path)
    if "snapshot" not in content:
        raise FixtureError(f"{path}: a fixture and no snapshot; it is for --fixture")
    Loader(world, specification, path).load(content)


def fixture_path(name: str | Path) -> Path:
    """The file of a fixture: of the project's if it is one of their names, else the path as it is."""
    if str(name) in fixture_names():
        return folder("fixtures") / f"{name}.json"
    path = Path(name)
    if not path.exists():
        names = ", ".join(fixture_names())
        raise FixtureError(f"{name}: no such fixture. Give one of {names}, or the path of a file.")
    return path


def shared_companies() -> list[dict[str, Any]]:
    """The companies that all the project's fixtures have, with their keys: the first is the default one."""
    companies: list[dict[str, Any]] = json.loads(fixture_path("empty").read_text(encoding="utf-8"))["companies"]
    return companies


class _Reader:
    """Reads fixture files, and checks them against the schema. Raises FixtureError."""

    def __init__(self, specification: Specification) -> None:
        self._validator = BodyValidator(specification.schema("fixture"))
        self._max_depth = specification.max_depth

    def __call__(self, path: Path) -> dict[str, Any]:
        try:
            content = json_text.parse(path.read_bytes(), self._max_depth)
        except OSError as error:
            raise FixtureError(f"{path}: cannot be read: {error}") from error
        except JsonTextError as error:
            raise FixtureError(f"{path}: {error}") from error
        problems = [
            f"at {problem.pointer or '/'}: expected {problem.expected}, found {problem.actual}"
            for problem in islice(self._validator.problems(content), _MOST_PROBLEMS)
        ]
        if problems:
            raise FixtureError(f"{path}: " + "; ".join(problems))
        fixture: dict[str, Any] = content
        return fixture


class Loader:
    """Builds what one valid fixture describes; `place` is a JSON Pointer into it.

    path is the file that it stands in; None: it came over the network, so it may name no file.
    """

    def __init__(self, world: World, specification: Specification, path: Path | None = None) -> None:
        self._world = world
        self._specification = specification
        self._path = path
        self._races: dict[tuple[str, int, int, int], Race] = {}

    def load(self, fixture: dict[str, Any]) -> None:
        """All companies of a fixture, with their keys. Raises FixtureError."""
        for index, described in enumerate(fixture["companies"]):
            place = f"/companies/{index}"
            company = self._world.company(described["id"], described.get("name"))
            self._keys(company, described["keys"], place)
            self.fill(company, described, place)

    def fill(self, company: Company, described: dict[str, Any], place: str) -> None:
        """The devices of a company, with all they have, and its events. Raises FixtureError."""
        for number, device in enumerate(described.get("devices", ())):
            self._device(company, device, f"{place}/devices/{number}")
        for number, event in enumerate(described.get("events", ())):
            self._event(company, event, f"{place}/events/{number}")

    def _keys(self, company: Company, described: list[dict[str, Any]], place: str) -> None:
        for index, key in enumerate(described):
            try:
                self._world.give(
                    company, Key(key["api_key"], key["access"], key.get("unbind", False), key.get("alias"))
                )
            except ValueError as error:
                raise self._error(f"{place}/keys/{index}", str(error)) from error

    def _device(self, company: Company, described: dict[str, Any], place: str) -> None:
        created = self._time(described["creation_date"], f"{place}/creation_date")
        device = Device(
            deviceid=described["deviceid"],
            model=described["model"],
            serial_number=described["serial_number"],
            creation_date=created,
            last_seen=self._time(described.get("last_seen", described["creation_date"]), f"{place}/last_seen"),
            type=described.get("type"),
            alias=described.get("alias"),
            firmware=described.get("firmware"),
        )
        try:
            company.devices.add(device)
        except DeviceAlreadyBound as error:
            message = f"the company has this device already, as {error.fields['deviceid']}"
            raise self._error(place, message) from error
        sessions = [
            (
                session.get("ordinal", -1),
                self._time(session["creation_date"], f"{place}/sessions/{index}/creation_date"),
                index,
                session,
            )
            for index, session in enumerate(described.get("sessions", ()))
        ]
        if sum(session.get("active", False) for *_, session in sessions) > 1:
            raise self._error(f"{place}/sessions", "more than one session is active; a device has one at most")
        for _, creation_date, index, session in sorted(sessions, key=itemgetter(0, 1, 2)):
            self._session(company, device, creation_date, session, f"{place}/sessions/{index}")

    def _session(
        self, company: Company, device: Device, creation_date: int, described: dict[str, Any], place: str
    ) -> None:
        token_session = described["token_session"]
        if company.sessions.find(token_session):
            raise self._error(f"{place}/token_session", "the company has this session already")
        if "duration" in described:
            duration = self._time(described["duration"], f"{place}/duration")
        else:
            duration = self._duration(creation_date, place)
        session: Session = company.sessions.add(device, token_session, described.get("alias"), creation_date, duration)
        self._passings(session, described.get("passings", []), f"{place}/passings")
        session.active = described.get("active", False)

    def _event(self, company: Company, described: dict[str, Any], place: str) -> None:
        dates = {
            name: self._time(described[name], f"{place}/{name}")
            for name in ("start_date", "end_date")
            if described.get(name) is not None
        }
        try:
            company.events.add(Event(**{**described, **dates}))
        except ValueError as error:
            raise self._error(f"{place}/event_token", str(error)) from error

    def _duration(self, creation_date: int, place: str) -> int:
        latest = LATEST - SESSION_LENGTH
        if creation_date > latest:
            message = f"later than {render(latest)}: a session without a duration ends two hours after it"
            raise self._error(f"{place}/creation_date", message)
        return creation_date + SESSION_LENGTH

    def _passings(self, session: Session, described: Any, place: str) -> None:
        if "generate" in described:
            run = self._generated(described["generate"], f"{place}/generate")
            session.add_run(run.numbers, run.times, run.fragments)
            return
        passings = list(self._listed(described, place))
        if session.add(passings) != len(passings):
            raise self._error(place, "the same num_passing stands twice")

    def _generated(self, described: dict[str, Any], place: str) -> Generated:
        options = described | {name: self._time(described[name], f"{place}/{name}") for name in ("first", "last")}
        if options["first"] > options["last"]:
            raise self._error(place, "first is later than last")
        # JSON Schema takes 3.0 for an integer.
        for name in ("count", "seed", "first_num_passing"):
            if name in options:
                options[name] = int(options[name])
        return generated(**options)

    def _listed(self, described: Any, place: str) -> Iterable[Passing]:
        if isinstance(described, list):
            return [self._passing(entry, f"{place}/{index}") for index, entry in enumerate(described)]
        if "simulate" in described:
            return self._simulated(described["simulate"], f"{place}/simulate")
        if self._path is None:
            raise self._error(f"{place}/csv", "a fixture that is sent cannot name a file; put the passings in it")
        path = self._path.parent / described["csv"]
        try:
            return read_csv(path, self._specification)
        except CsvError as error:
            raise self._error(f"{place}/csv", str(error)) from error

    def _simulated(self, described: dict[str, Any], place: str) -> Iterable[Passing]:
        """One point of a race. The sessions of a file that name the same race see the same runners."""
        from .race import PRESETS, Race

        name, runners, seed = described["race"], int(described["runners"]), int(described["seed"])
        start = PRESETS[name].start if "start" not in described else self._time(described["start"], f"{place}/start")
        race = self._races.get((name, runners, seed, start))
        if race is None:
            try:
                race = Race(replace(PRESETS[name], runners=runners, start=start), seed=seed)
            except ValueError as error:
                option, _, message = str(error).partition(": ")
                raise self._error(f"{place}/{option}", message) from error
            self._races[name, runners, seed, start] = race
        points = [point for point, _ in race.settings.points]
        if described["point"] not in points:
            raise self._error(f"{place}/point", f"the race has no such point, only {', '.join(points)}")
        device = race.device(points.index(described["point"]))
        return [passing(device.as_sent(noted)) for noted in device.passings]

    def _passing(self, entry: dict[str, Any], place: str) -> Passing:
        try:
            return passing(entry)
        except ValueError as error:
            raise self._no_time(f"{place}/timestamp", error) from error

    def _time(self, text: str, place: str) -> int:
        try:
            return parse(text)
        except ValueError as error:
            raise self._no_time(place, error) from error

    def _no_time(self, place: str, error: ValueError) -> FixtureError:
        return self._error(place, f"{error}; times reach from {BOUNDS}")

    def _error(self, place: str, message: str) -> FixtureError:
        source = "" if self._path is None else f"{self._path}: "
        return FixtureError(f"{source}at {place}: {message}", place, message)
