"""Text from outside, made safe for one line of a log or a terminal."""


def printable(text: str) -> str:
    """`text` on one line: control characters, a line feed in a path for one, escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
