"""No key and no other secret in what the mock shows, in whatever form it came."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.base.masking import Masker, masked, tail

KEY = "ror-ae4fc6c19681a20fad30"

keys = st.text("0123456789abcdef", min_size=20, max_size=20).map(lambda digits: f"ror-{digits}")


@pytest.mark.parametrize(
    ("secret", "shown"),
    [(None, "-"), ("", "-"), ("short", "…"), ("eleven-long", "…"), ("twelve--long", "…long"), (KEY, "…ad30")],
)
def test_a_secret_is_shown_by_its_tail(secret: str | None, shown: str) -> None:
    assert masked(secret) == shown
    assert tail(secret or "") == shown.strip("…-")


@pytest.mark.parametrize(
    "form",
    [KEY, KEY.upper(), "RoR-" + KEY[4:], KEY.replace("-", "%2D"), KEY.replace("-", "%2d"), "%72%6F%52%2d" + KEY[4:]],
)
def test_a_key_is_known_by_its_form(form: str) -> None:
    text = f"before {form} after"
    assert Masker()(text).lower() == "before …ad30 after"
    assert Masker(any_key=False)(text) == text


@pytest.mark.parametrize("text", ["ror-", KEY[:-1], "error-" + "a" * 19, "ror-ghijklmnopqrstuvwxyz", "100%", "%zz"])
def test_what_is_no_key_stays(text: str) -> None:
    assert Masker()(text) == text


@given(key=keys, before=st.text(), after=st.text(), encoded=st.sets(st.integers(0, 23)))
def test_a_key_is_masked_whatever_stands_around_it(key: str, before: str, after: str, encoded: set[int]) -> None:
    form = "".join(f"%{ord(c):02X}" if index in encoded else c for index, c in enumerate(key))
    shown = Masker()(before + form + after)
    assert form not in shown
    assert key not in shown


@given(secret=st.text("abc\"'\\/%é-€", min_size=1, max_size=30), around=st.text("abr%\\"))
def test_another_secret_is_masked_in_all_its_forms(secret: str, around: str) -> None:
    mask = Masker([secret, None, ""])
    for form in (secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret), quote(secret)):
        shown = mask(f"{around}{form}{around}")
        assert len(secret) < 12 or secret not in shown


@pytest.mark.parametrize("token", ["a", "r", "ror-", "ror-ae4fc6c19681a20fad30-and-more", "x" + KEY, "e4fc6c"])
def test_a_key_and_a_secret_that_overlap_leave_nothing_of_either(token: str) -> None:
    shown = Masker([token])(f"{KEY} {token}")
    assert shown == f"…ad30 {masked(token)}"


def test_members_names_and_entries_of_a_json_value_are_masked() -> None:
    assert Masker().mask({KEY: [KEY, 1, None, {"a": (KEY,)}]}) == {"…ad30": ["…ad30", 1, None, {"a": ["…ad30"]}]}
