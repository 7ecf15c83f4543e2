"""A request as a line for a shell, so that a person can repeat it."""

import shlex

_LONGEST_BODY = 400


def curl(method: str, url: str, content: str | None, header: str, key: str | None) -> str:
    """The curl command that sends the request again. `key` appears in it as given; None sends no key."""
    parts = ["curl"]
    if method != "GET":
        parts += ["-X", method]
    if key is not None:
        parts += ["-H", shlex.quote(f"{header}: {key}")]
    if content is not None:
        sent = content if len(content) <= _LONGEST_BODY else content[:_LONGEST_BODY] + "…"
        parts += ["-H", "'Content-Type: application/json'", "--data-raw", shlex.quote(sent)]
    return " ".join([*parts, shlex.quote(url)])
