"""Path patterns with wildcards, as used in faults and verifications."""


def matches(pattern: str, path: str) -> bool:
    """Whether a path matches a pattern. Each * in the pattern matches any number of characters, including none.

    Each part between two wildcards is matched at the first possible position, which is never worse than a later one.
    So the time is linear in the length of the path, however many wildcards there are.
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
