"""Text from outside, as it is shown."""

import json

import pytest

from rufus_mock.base.printable import printable, printable_json

UNSAFE = "\x1b[31m\x00\x07\x7f\x85\x9b\u200b\u202e\u2066\u2028\ufeff\ud800\U000e0001\ufffe\t\r\n"


def test_every_unsafe_character_is_escaped() -> None:
    shown = printable(UNSAFE)
    assert shown == (r"\x1b[31m\x00\x07\x7f\x85\x9b\u200b\u202e\u2066\u2028\ufeff\ud800\U000e0001\ufffe\x09\x0d\x0a")
    assert printable("a\tb\n\x0b", keep="\n\t") == "a\tb\n\\x0b"


@pytest.mark.parametrize("text", ["", "plain", "Läufer «10K» 🏃", "日本語", "\\x1b"])
def test_text_that_a_reader_sees_stays_as_it_is(text: str) -> None:
    assert printable(text) is text
    assert printable_json(json.dumps(text, ensure_ascii=False)) == json.dumps(text, ensure_ascii=False)


def test_a_json_text_keeps_its_values_but_for_lone_surrogates() -> None:
    value = {UNSAFE: [UNSAFE, "Läufer 🏃"]}
    text = printable_json(json.dumps(value, ensure_ascii=False, indent=1))
    assert all(character.isprintable() for character in text.replace("\n", ""))
    changed = UNSAFE.replace("\ud800", "\ufffd")
    assert json.loads(text) == {changed: [changed, "Läufer 🏃"]}
