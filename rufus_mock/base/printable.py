"""Makes text from outside safe to show: on a terminal, in a log, in a page or a file."""

import re

_MAYBE_UNPRINTABLE = re.compile(r"[^\n -~]")
_SURROGATES = range(0xD800, 0xE000)
_REPLACEMENT = "\\ufffd"


def printable(text: str, keep: str = "") -> str:
    """`text` with every character escaped that a reader would not see, but for those in `keep`.

    These are control characters such as a line feed or the C1 range, bidirectional and zero-width formatting,
    surrogates, and spaces other than " ". The result is on one line, and every encoding and XML can represent it.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else _escaped(c) for c in text)


def printable_json(text: str) -> str:
    """The same for a JSON text: the escapes are those of JSON. A lone surrogate becomes U+FFFD."""
    return _MAYBE_UNPRINTABLE.sub(_in_json, text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _in_json(found: re.Match[str]) -> str:
    character = found[0]
    if character.isprintable():
        return character
    code = ord(character)
    if code in _SURROGATES:
        return _REPLACEMENT
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
