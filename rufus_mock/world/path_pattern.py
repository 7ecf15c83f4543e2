"""Paths with wildcards, as in faults and verifications."""


def matches(pattern: str, path: str) -> bool:
    """Whether a path fits a pattern, in which each * stands for any characters, or for none.

    Takes the first place at which each part between two wildcards fits, which is always as good as any later one. So
    the time grows with the length of the path, however many wildcards there are.
    """
    first, *parts = pattern.split("*")
    if not parts:
        return path == pattern
    *parts, last = parts
    at, end = len(first), len(path) - len(last)
    if at > end or not path.startswith(first) or not path.endswith(last):
        return False
    for part in parts:
        found = path.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
