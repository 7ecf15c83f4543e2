"""Makes text from outside safe for one line of a log or terminal."""


def printable(text: str) -> str:
    """`text` on one line, with control characters, such as a line feed in a path, escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
