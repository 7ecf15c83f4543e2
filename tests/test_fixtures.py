"""Fixtures: what the project's hold, and what is said of a broken one."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rufus_mock.app import Config, create_app
from rufus_mock.clock import FrozenClock
from rufus_mock.fixtures import FixtureError, fixture_names, load_fixtures
from rufus_mock.identifiers import Identifiers
from rufus_mock.resources import folder
from rufus_mock.specification import Specification
from rufus_mock.world import World

ADMIN = "ror-ae4fc6c19681a20fad30"
TIME = "2026-05-10T09:00:00.000Z"


def loaded(specification: Specification, *names: str | Path) -> World:
    world = World(FrozenClock(0), Identifiers(1), specification.page_size)
    load_fixtures(world, specification, names)
    return world


def hex64(number: int) -> str:
    return f"{number:064X}"


def device(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"deviceid": hex64(number), "model": "M", "serial_number": f"S-{number}", "creation_date": TIME, **fields}


def session(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"token_session": hex64(number), "creation_date": TIME, **fields}


def written(
    folder: Path, *devices: dict[str, Any], key: str = "ror-00000000000000000001", company: str = "0000000a"
) -> Path:
    path = folder / f"{company}.json"
    content = {"companies": [{"id": company, "keys": [{"api_key": key, "access": "READ"}], "devices": list(devices)}]}
    path.write_text(json.dumps(content))
    return path


def test_the_documented_fixture_holds_what_the_pages_show(specification: Specification) -> None:
    world = loaded(specification, "documented")
    company, key = world.authenticate(ADMIN)
    assert (key.access, key.unbind) == ("READ_WRITE", True)
    (example,) = specification.schema("device")["examples"]
    shown = company.devices.describe(example["deviceid"])
    assert {name: shown[name] for name in example} == example
    (example,) = specification.schema("session")["examples"]
    assert company.sessions.describe(example["token_session"]) == example
    finish = specification.schema("session-summary")["examples"][2]
    described = company.sessions.describe(finish["token_session"])
    assert {name: described[name] for name in finish} == finish
    page = company.passings.by_number(example["token_session"], None, 3, 1)
    assert json.loads(page.json) == specification.schema("passing")["examples"]


def test_a_passing_in_a_fixture_needs_no_offset(tmp_path: Path, specification: Specification) -> None:
    entry = {"bib": "7", "num_passing": 1, "timestamp": "2026-11-24 19:14:51.873"}
    world = loaded(specification, written(tmp_path, device(sessions=[session(passings=[entry])])))
    described = world.companies["0000000a"].sessions.describe(hex64(1))
    assert (described["first"], described["last"]) == ("2026-11-24T19:14:51.873Z",) * 2


@pytest.mark.parametrize("name", ["documented", "empty", "edge-cases", "race-5k", "race-marathon-splits"])
def test_the_projects_fixtures_share_their_keys(specification: Specification, name: str) -> None:
    world = loaded(specification, name)
    kinds = {
        "ror-ae4fc6c19681a20fad30": ("READ_WRITE", True),
        "ror-11111111111111111111": ("READ", False),
        "ror-22222222222222222222": ("WRITE", False),
        "ror-33333333333333333333": ("WRITE", True),
        "ror-99999999999999999999": ("READ_WRITE", False),
    }
    for api_key, kind in kinds.items():
        _, key = world.authenticate(api_key)
        assert (key.access, key.unbind) == kind
    assert world.authenticate(ADMIN)[0] is not world.authenticate("ror-99999999999999999999")[0]


def test_every_fixture_loads_and_answers_by_the_contract(specification: Specification) -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(specification.schema("passing"))
    for name in fixture_names():
        client = create_app(Config(fixtures=[name])).test_client()
        company = client.application.extensions["rufus_mock"].world.authenticate(ADMIN)[0]
        for described in company.devices.page(1, 5000)[0]:
            answer = client.get(f"/v0/passings/device/{described['deviceid']}", headers={"api_key": ADMIN})
            assert answer.status_code == (200 if described["passings"] else 404)
            for passing in (answer.json or {}).get("result", [])[:50]:
                validator.validate(passing)


def test_the_edge_cases_are_there(specification: Specification) -> None:
    company, _ = loaded(specification, "edge-cases").authenticate(ADMIN)
    devices, _ = company.devices.page(1, 5000)
    assert any(device["sessions"] == 0 for device in devices)
    sessions = [
        one for device in devices if device["sessions"] for one in company.sessions.describe_all(device["deviceid"])
    ]
    assert any(one["passings"] == 0 for one in sessions)
    assert {5000, 5001} <= {one["passings"] for one in sessions}
    assert any(one["alias"] and not one["alias"].isascii() for one in sessions)
    passings = [
        json.loads(company.passings.by_number(one["token_session"], None, None, 1).json)
        for one in sessions
        if 0 < one["passings"] < 100
    ]
    numbers = [[entry["num_passing"] for entry in listed] for listed in passings]
    assert any(last - first >= len(listed) for listed in numbers for first, last in [(listed[0], listed[-1])])
    stamps = [[entry["timestamp"] for entry in listed] for listed in passings]
    assert any(len(set(listed)) < len(listed) for listed in stamps)


def test_fixtures_add_up_and_generated_passings_are_the_same_each_time(specification: Specification) -> None:
    both = loaded(specification, "documented", "edge-cases").authenticate(ADMIN)[0]
    again = loaded(specification, "edge-cases", "documented").authenticate(ADMIN)[0]
    assert both.devices.page(1, 5000)[1] == again.devices.page(1, 5000)[1] == 6
    token = specification.schema("session-summary")["examples"][2]["token_session"]
    assert both.passings.by_number(token, None, None, 3) == again.passings.by_number(token, None, None, 3)


def test_a_fixture_reads_its_csv_beside_it_from_any_folder(specification: Specification, tmp_path: Path) -> None:
    for path in folder("fixtures").glob("documented*"):
        shutil.copy(path, tmp_path)
    company, _ = loaded(specification, tmp_path / "documented.json").authenticate(ADMIN)
    assert sum(one["passings"] for one in company.devices.page(1, 10)[0]) == 1208 + 31 + 10017


def test_sessions_are_taken_in_the_order_of_their_creation(specification: Specification, tmp_path: Path) -> None:
    older = session(
        1, creation_date="2026-05-09T09:00:00.000Z", passings=[{"num_passing": 1, "timestamp": TIME, "bib": "1"}]
    )
    path = written(tmp_path, device(sessions=[session(2, active=True), older]))
    company, _ = loaded(specification, path).authenticate("ror-00000000000000000001")
    described = company.sessions.describe_all(hex64(1))
    assert [one["token_session"] for one in described] == [hex64(1), hex64(2)]
    assert [one["active"] for one in described] == [False, True]


GENERATE = {"count": 3, "seed": 1, "first": TIME, "last": TIME}
BROKEN = [
    (device(deviceid="abc"), "/companies/0/devices/0/deviceid: expected pattern"),
    (device(colour="red"), "/companies/0/devices/0/colour: expected no such field, only deviceid, type, model"),
    ({"deviceid": hex64(1)}, "/companies/0/devices/0/model: expected a value: it is required, found missing"),
    (device(creation_date="2026-05-10 09:00"), "/companies/0/devices/0/creation_date: expected"),
    (device(creation_date="0000-05-10T09:00:00.000Z"), "/companies/0/devices/0/creation_date: "),
    (
        device(sessions=[session(1, active=True), session(2, active=True)]),
        "/companies/0/devices/0/sessions: more than one",
    ),
    (device(sessions=[session(1), session(1)]), "/companies/0/devices/0/sessions/1/token_session: the company has"),
    (device(sessions=[session(1, duration="x")]), "/companies/0/devices/0/sessions/0/duration: "),
    (device(sessions=[session(1, passings=7)]), "/companies/0/devices/0/sessions/0/passings: expected array or object"),
    (device(sessions=[session(1, passings=[{"bib": "1"}])]), "/passings/0/num_passing: expected a value"),
    (
        device(sessions=[session(1, passings=[{"num_passing": 1, "timestamp": "0000-01-01T00:00:00Z", "bib": "1"}])]),
        "/companies/0/devices/0/sessions/0/passings/0/timestamp: ",
    ),
    (
        device(sessions=[session(1, passings=[{"num_passing": 1, "timestamp": TIME, "bib": "1"}] * 2)]),
        "num_passing stands twice",
    ),
    (
        device(sessions=[session(1, passings={"csv": "nothing.csv"})]),
        "/companies/0/devices/0/sessions/0/passings/csv: ",
    ),
    (device(sessions=[session(1, passings={})]), "/companies/0/devices/0/sessions/0/passings: expected"),
    (
        device(sessions=[session(1, passings={"generate": {**GENERATE, "last": "2026-05-09T09:00:00.000Z"}})]),
        "/companies/0/devices/0/sessions/0/passings/generate: first is later than last",
    ),
]


@pytest.mark.parametrize(("broken", "says"), BROKEN, ids=[says for _, says in BROKEN])
def test_a_broken_fixture_is_refused_with_the_place_of_the_fault(
    specification: Specification, tmp_path: Path, broken: dict[str, Any], says: str
) -> None:
    path = written(tmp_path, broken)
    with pytest.raises(FixtureError) as caught:
        loaded(specification, path)
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)


def test_a_device_that_stands_twice_is_refused(specification: Specification, tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="at /companies/0/devices/1: the company has this device already"):
        loaded(specification, written(tmp_path, device(1), device(1)))


def test_a_key_of_two_companies_is_refused(specification: Specification, tmp_path: Path) -> None:
    first = written(tmp_path)
    second = written(tmp_path, company="0000000b")
    with pytest.raises(FixtureError, match="the key ending in 0001 belongs to company 0000000a already"):
        loaded(specification, first, second)


def test_a_company_has_ten_keys_at_most_and_read_keys_cannot_unbind(
    specification: Specification, tmp_path: Path
) -> None:
    keys = [{"api_key": f"ror-{number:020x}", "access": "READ"} for number in range(11)]
    path = tmp_path / "keys.json"
    for bad in (keys, [{**keys[0], "unbind": True}], []):
        path.write_text(json.dumps({"companies": [{"id": "0000000a", "keys": bad}]}))
        with pytest.raises(FixtureError, match="/companies/0/keys"):
            loaded(specification, path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_json_is_refused(specification: Specification, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "torn.json"
    path.write_bytes(content)
    with pytest.raises(FixtureError, match=r"torn\.json: "):
        loaded(specification, path)


def test_a_folder_is_refused(specification: Specification, tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="cannot be read"):
        loaded(specification, tmp_path)


@pytest.mark.parametrize(("name", "points"), [("race-5k", 3), ("race-marathon-splits", 6)])
def test_the_races_have_the_same_runners_at_all_points(specification: Specification, name: str, points: int) -> None:
    company, _ = loaded(specification, name).authenticate(ADMIN)
    devices, count = company.devices.page(1, 100)
    assert count == points
    seen = []
    for device in devices:
        page = json.loads(company.passings.by_time(device["deviceid"], None, None, 1).json)
        assert len(page) == device["passings"]
        seen.append({passing["chip"] for passing in page})
    assert all(len(one & seen[0]) > 0.95 * len(seen[0]) for one in seen)


def test_a_simulated_race_is_refused_where_it_cannot_be(specification: Specification, tmp_path: Path) -> None:
    race = {"race": "5k", "point": "7 km", "runners": 10, "seed": 1}
    path = written(tmp_path, device(sessions=[session(passings={"simulate": race})]))
    with pytest.raises(FixtureError, match=r"simulate/point: the race has no such point, only Start, 2\.5 km, Finish"):
        loaded(specification, path)
    path = written(
        tmp_path,
        device(
            sessions=[session(passings={"simulate": {**race, "point": "Finish", "start": "2026-02-30T00:00:00.000Z"}})]
        ),
    )
    with pytest.raises(FixtureError, match="start"):
        loaded(specification, path)


def test_a_race_of_a_fixture_starts_when_it_says(specification: Specification, tmp_path: Path) -> None:
    race = {"race": "5k", "point": "Start", "runners": 10, "seed": 1, "start": "2030-01-01T09:00:00.000Z"}
    path = written(tmp_path, device(sessions=[session(passings={"simulate": race})]))
    company, _ = loaded(specification, path).authenticate("ror-00000000000000000001")
    first = company.sessions.describe(hex64(1))["first"]
    assert first.startswith("2030-01-01T09:00:0")


def test_a_csv_name_that_no_file_can_have_is_refused(specification: Specification, tmp_path: Path) -> None:
    path = written(tmp_path, device(sessions=[session(passings={"csv": "a\0b"})]))
    with pytest.raises(FixtureError, match=r"at /companies/0/devices/0/sessions/0/passings/csv: .*embedded null"):
        loaded(specification, path)
