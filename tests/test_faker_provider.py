"""The Faker provider generates values that the API could return."""

import pytest
from faker import Faker

from rufus_mock.base.identifiers import epc
from rufus_mock.faker_provider import RufusProvider
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import in_dialect
from rufus_mock.spec.validation import BodyValidator


def faker(seed: int = 1) -> Faker:
    fake = Faker()
    fake.add_provider(RufusProvider)
    fake.seed_instance(seed)
    return fake


@pytest.mark.parametrize("name", ["deviceid", "token_session", "device", "session", "passing", "event"])
def test_objects_are_valid_and_have_the_fields_of_the_api_in_order(contract: Contract, name: str) -> None:
    fake = faker()
    name_of_schema = "event-summary" if name == "event" else name
    schema = in_dialect(contract.schema(name_of_schema), "pages")
    validator = BodyValidator(schema)
    for _ in range(200):
        made = getattr(fake, name)()
        validator.check(made)
        if isinstance(made, dict):
            assert tuple(made) == contract.fields(name_of_schema)


def test_a_generated_passing_can_be_inserted(contract: Contract) -> None:
    BodyValidator(contract.schema("passing-input")).check(faker().passing())


def test_keys_bibs_and_chips_have_the_right_form(contract: Contract) -> None:
    fake = faker()
    keys = {"companies": [{"id": "00000001", "keys": [{"api_key": fake.api_key(), "access": "READ"}]}]}
    BodyValidator(contract.schema("fixture")).check(keys)
    assert fake.chip(bib="978") == epc(978)
    assert len(bytes.fromhex(fake.chip())) == 12
    assert all(1 <= int(fake.bib()) <= 9999 for _ in range(100))


def test_keyword_arguments_are_kept_and_the_other_fields_match_them() -> None:
    fake = faker()
    passing = fake.passing(bib="7", status=None)
    assert (passing["bib"], passing["chip"], passing["status"]) == ("7", epc(7), None)
    assert fake.passing(bib="Q-7")["chip"] is None
    assert fake.device(alias="Finish")["alias"] == "Finish"
    participant = fake.participant(bib="12", gender="F")
    assert (participant["bib"], participant["chip"], participant["gender"]) == ("12", epc(12), "F")
    assert participant["first_name"]
    assert participant["last_name"]


def test_sessions_have_ordered_times_and_a_seed_repeats_all_values() -> None:
    fake = faker()
    for _ in range(50):
        session = fake.session()
        assert session["creation_date"] <= session["first"] <= session["last"]
    again = [[getattr(faker(7), name)() for name in ("device", "passing", "event", "participant")] for _ in range(2)]
    assert again[0] == again[1]
    assert faker(7).deviceid() != faker(8).deviceid()
