"""A request as a line for a shell, so that a person can repeat it."""

import shlex

from ...client import Reply

_LONGEST_BODY = 400


def curl(reply: Reply, header: str, key: str | None) -> str:
    """The curl command that sends the request again. `key` appears in it as given; None sends no key."""
    parts = ["curl"]
    if reply.method != "GET":
        parts += ["-X", reply.method]
    if key is not None:
        parts += ["-H", shlex.quote(f"{header}: {key}")]
    if reply.sent is not None:
        sent = reply.sent if len(reply.sent) <= _LONGEST_BODY else reply.sent[:_LONGEST_BODY] + "…"
        parts += ["-H", "'Content-Type: application/json'", "--data-raw", shlex.quote(sent)]
    return " ".join([*parts, shlex.quote(reply.url)])
