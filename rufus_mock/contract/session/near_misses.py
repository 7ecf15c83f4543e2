"""Keys that are nearly a given one. No server may accept them, and they are as secret as the key itself."""


def near_misses(key: str) -> dict[str, str]:
    """Each key that is nearly this one, by what is wrong with it."""
    last = "1" if key[-1:] == "0" else "0"
    found = {
        "in capitals": key.upper(),
        "in small letters": key.lower(),
        "without its last character": key[:-1],
        "with another last character": key[:-1] + last,
        "with one character more": key + "0",
        "only its beginning": key[:8],
        "without its prefix": key.partition("-")[2],
        "with a space in it": f"{key[:-4]} {key[-4:]}",
        "in quotes": f'"{key}"',
    }
    return {what: other for what, other in found.items() if other and other != key}
