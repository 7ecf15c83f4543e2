"""Text that is normalised, cut, trimmed, transliterated or changed in case: as one call writes or reads it."""

import html
import unicodedata
from collections.abc import Callable
from functools import partial

from tests.contract.mutants.classes.changing import (
    ONWARDS,
    RANGE,
    SPAN,
    of_each_read,
    of_each_sent,
    of_entries,
    text_of,
)
from tests.contract.mutants.classes.defect import defect
from tests.contract.mutants.mutant import Spoil
from tests.contract.mutants.spoiling import answers, sent

Text = Callable[[str], str]


def _cut(most: int) -> Text:
    return lambda text: text[:most]


_NFC: Text = partial(unicodedata.normalize, "NFC")
_NFD: Text = partial(unicodedata.normalize, "NFD")
_NFKC: Text = partial(unicodedata.normalize, "NFKC")


def _ascii(text: str) -> str:
    """Without accents, as a transliteration gives it."""
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


def _three_bytes(text: str) -> str:
    """As a database stores it whose characters have three bytes at most."""
    return "".join(each if ord(each) < 0x10000 else "?" for each in text)


def _one_space(text: str) -> str:
    return " ".join(text.split(" ")) if "  " not in text else " ".join(text.split())


def _add(name: str, operation: str, statement: str | tuple[str, ...], name_of: str, change: Text, how: Spoil) -> None:
    defect("text", name, operation, statement, how, name_of, becomes=change)


def _written(name: str, member: str, change: Text) -> None:
    """A defect in what insertPassings stores."""
    _add(name, "insertPassings", "passing-as-sent", member, change, of_each_sent(text_of(member, change)))


def _bound(name: str, member: str, change: Text) -> None:
    _add(name, "bindDevice", "bound-as-sent", member, change, sent("bindDevice", text_of(member, change)))


def _opened(name: str, change: Text) -> None:
    _add(name, "insertSession", "session-as-sent", "alias", change, sent("insertSession", text_of("alias", change)))


def _read(name: str, operation: str, member: str, change: Text) -> None:
    """A defect in what one read of passings shows."""
    shown = ("passing-as-sent", "200 Passings", "200 PassingsContinued")
    _add(name, operation, shown, member, change, of_each_read(operation, text_of(member, change)))


def _shown(name: str, operation: str, statement: str, member: str, change: Text) -> None:
    """A defect in what one read of devices or sessions shows."""
    shown = (statement, "200 DeviceInfo", "200 Devices", "200 Sessions", "200 SessionInfo")
    _add(name, operation, shown, member, change, of_entries(operation, text_of(member, change)))


_written("bibs_are_normalised_to_nfkc", "bib", _NFKC)
_written("a_status_is_cut_at_32_characters", "status", _cut(32))
_written("a_gender_is_cut_to_its_first_letter", "gender", _cut(1))
_written("a_chip_is_put_in_upper_case", "chip", str.upper)
_written("a_timezone_is_put_in_upper_case", "timezone", str.upper)
_written("participants_lose_what_lies_beyond_three_bytes", "participant_id", _three_bytes)
_written("participants_are_trimmed", "participant_id", str.strip)
_written("bibs_are_cut_at_64_characters", "bib", _cut(64))

_opened("session_aliases_are_normalised_to_nfc", _NFC)
_opened("session_aliases_are_cut_at_255_characters", _cut(255))
_opened("session_aliases_lose_double_spaces", _one_space)

_bound("a_model_is_cut_at_64_characters", "model", _cut(64))
_bound("a_firmware_is_put_in_lower_case", "firmware", str.lower)
_bound("a_type_is_trimmed", "type", str.strip)
_bound("device_aliases_are_transliterated", "alias", _ascii)

_read("reading_on_trims_bibs", ONWARDS, "bib", str.strip)
_read("reads_by_time_cut_chips_at_24_characters", SPAN, "chip", _cut(24))
_read("reads_by_range_show_a_status_in_lower_case", RANGE, "status", str.lower)
_read("reads_by_time_normalise_participants_to_nfd", SPAN, "participant_id", _NFD)

_shown("a_device_shows_its_serial_number_in_lower_case", "getDevice", "bound-as-sent", "serial_number", str.lower)
_shown("a_device_shows_32_characters_of_its_firmware", "getDevice", "bound-as-sent", "firmware", _cut(32))
_shown("the_list_of_devices_shows_aliases_in_lower_case", "listDevices", "bound-as-sent", "alias", str.lower)
_shown("the_list_of_sessions_cuts_aliases_at_64", "getDeviceSessions", "session-as-sent", "alias", _cut(64))
_shown("the_active_session_escapes_its_alias", "getActiveSession", "session-as-sent", "alias", html.escape)
_shown("a_session_shows_its_alias_trimmed", "getSession", "session-as-sent", "alias", str.strip)
_add(
    "reading_on_transliterates_the_label",
    ONWARDS,
    "session-used",
    "session_label",
    _ascii,
    answers(ONWARDS, text_of("session_label", _ascii)),
)
