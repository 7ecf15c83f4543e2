"""The command that lists the assumptions, and the options of serve that choose variants and explain answers."""

import json

import pytest
import requests

from rufus_mock.spec.contract import Contract
from tests.commands.test_cli import KEY, run, serving

DEVICE = {"model": "M", "serial_number": "S"}
HEADER = "x-rufus-mock-assumptions"


@pytest.mark.parametrize("dialect", ["pages", "openapi"])
def test_the_list_as_json_has_every_assumption(dialect: str) -> None:
    listed = json.loads(run("assumptions", "--json", "--dialect", dialect).stdout)["assumptions"]
    known = Contract().assumptions
    assert [entry["id"] for entry in listed] == list(known)
    for entry in listed:
        assumption = known[entry["id"]]
        assert entry["default"] == assumption.default[dialect]
        assert entry["default"] in [variant["id"] for variant in entry["variants"]]
        assert [variant["sentence"] for variant in entry["variants"]] == [
            v.sentence for v in assumption.variants.values()
        ]
        assert entry["statement"]
        assert entry["measured_by"]


def test_the_list_can_be_limited_to_a_group_or_to_one() -> None:
    assert run("assumptions", "insert.duplicates", COLUMNS="80").stdout == (
        "insert.duplicates\n"
        "  What happens to a passing whose num_passing the session has already.\n"
        + "".join(lines("insert.duplicates"))
        + "  measured by: A num_passing that is sent twice with different bibs.\n"
        "\n"
        "* is the default in the dialect pages. Serve another with --assume ID=VARIANT.\n"
    )
    listed = json.loads(run("assumptions", "access", "events.path", "--json").stdout)["assumptions"]
    assert {entry["id"].partition(".")[0] for entry in listed} == {"access", "events"}
    assert [entry["id"] for entry in listed if entry["id"].startswith("events")] == ["events.path"]


def lines(id: str) -> list[str]:
    """The lines of the variants at 80 columns."""
    text = run("assumptions", id, COLUMNS="80").stdout
    found = [line + "\n" for line in text.splitlines() if line.startswith(("    ", "  * "))]
    assert all(len(line) <= 81 for line in found)
    for variant in Contract().assumptions[id].variants.values():
        assert any(f" {variant.id} " in line for line in found)
    return found


def test_an_unknown_assumption_is_said_in_one_line() -> None:
    done = run("assumptions", "inserts")
    assert done.returncode == 2
    assert done.stderr.startswith("rufus-mock: no assumption is called inserts; without an ID all are listed: access,")
    assert done.stderr.count("\n") == 1


def test_serve_follows_the_variants_and_explains_answers() -> None:
    with serving("--fixture", "empty", "--assume", "access.missing-key=401", "--explain") as (base_url, _):
        answer = requests.get(f"{base_url}/devices", timeout=10)
        assert answer.status_code == 401
        assert "access.missing-key" in answer.headers[HEADER].split(", ")


def test_the_environment_chooses_several_variants() -> None:
    variants = "access.missing-key=403 sessions.insert-status=200"
    with serving("--fixture", "empty", RUFUS_MOCK_ASSUME=variants) as (base_url, _):
        answer = requests.get(f"{base_url}/devices", timeout=10)
        assert (answer.status_code, HEADER in answer.headers) == (403, False)
        device = requests.post(f"{base_url}/devices", json=DEVICE, headers=KEY, timeout=10).json()["deviceid"]
        opened = requests.post(f"{base_url}/sessions", json={"deviceid": device}, headers=KEY, timeout=10)
        assert opened.status_code == 200


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (
            ["insert.duplicatez=last-wins"],
            "insert.duplicatez: expected an assumption such as insert.duplicates or ",
        ),
        (["nix=1"], "nix: expected an assumption; rufus-mock assumptions lists all, found 'nix'"),
        (
            ["insert.duplicates=last"],
            "insert.duplicates: expected one of last-wins, first-stays, both-kept, 409, found 'last'",
        ),
        (["insert.duplicates"], "expected an assumption and its variant, such as insert.duplicates=last-wins"),
        (["insert.status=200", "insert.status=201"], "insert.status: expected one variant, found 200 and 201"),
        (["insert.status=200:text"], "insert.status: expected 200 without a text, found '200:text'"),
    ],
)
def test_what_cannot_be_assumed_is_said_in_one_line(texts: list[str], says: str) -> None:
    done = run("serve", *[argument for text in texts for argument in ("--assume", text)])
    assert done.returncode == 2
    assert says in done.stderr
    assert "--assume" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
