"""Identifiers and their copies."""

from rufus_mock.base.identifiers import Identifiers


def test_a_copy_continues_the_sequence_and_uses_up_nothing_of_the_original() -> None:
    original = Identifiers(7)
    original.new()
    copied = original.copy()
    assert copied.of("a").new() == original.of("a").new()
    continued = [copied.new() for _ in range(3)]
    assert [original.new() for _ in range(3)] == continued


def test_a_copy_of_random_identifiers_is_random() -> None:
    original = Identifiers()
    assert original.copy().new() != original.new()
