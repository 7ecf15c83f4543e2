"""How servers misbehave: with answers that never end, with bodies that are no JSON, and with answers of odd forms."""

import itertools
import json
import socket
from dataclasses import dataclass

from tests.hostile import (
    MEBIBYTE,
    Behaviour,
    answer,
    bomb,
    for_ever,
    json_body,
    redirects_to,
    resets,
    sends,
    sends_and_closes,
)

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
OF_FIVE_GIGABYTES = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000000000\r\n\r\n"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
TRUNCATED = BEGUN + b'{"result":['

PASSING = {
    "token_session": "A" * 64,
    "timestamp": "2024-05-01T08:00:00.000Z",
    "num_passing": 1,
    "latitude": "0.0",
    "longitude": "0.0",
    "status": None,
    "participant_id": None,
    "chip": None,
    "bib": "1",
    "timezone": None,
    "gender": None,
    "deviceid": "B" * 64,
}


def endless_pages() -> Behaviour:
    """Answers each request with another entry, and says that there are more."""
    numbers = itertools.count(1)

    def behaviour(connection: socket.socket, _: str) -> None:
        entry = {**PASSING, "num_passing": next(numbers)}
        pagination = {"page": 1, "limit": 1, "total": 10**9, "has_more": True}
        connection.sendall(
            answer(json.dumps({"description": "Success", "result": [entry], "pagination": pagination}).encode())
        )

    return behaviour


@dataclass(frozen=True)
class Incomplete:
    """A server whose answers are never complete. said: what a program says about it. timeout: that the test sets."""

    behaviour: Behaviour
    said: str
    timeout: float = 30


LATE = "the answer was not complete within 0.5 s"
LARGE = "the answer is larger than 64 MiB"
RESET = "Connection reset by peer"

INCOMPLETE: dict[str, Incomplete] = {
    "trickles a body": Incomplete(for_ever(BEGUN, b" ", 0.02), LATE, 0.5),
    "trickles headers": Incomplete(for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"y", 0.02), LATE, 0.5),
    "trickles chunks": Incomplete(for_ever(CHUNKED, b"1\r\n \r\n", 0.02), LATE, 0.5),
    "sends nothing": Incomplete(for_ever(b"", b"", 0.02), LATE, 0.5),
    "sends trailers for ever": Incomplete(for_ever(CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n", 0.02), LATE, 0.5),
    "sends 100 Continue for ever": Incomplete(
        for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "the headers of the answer are larger than 1 MiB"
    ),
    "sends header lines for ever": Incomplete(
        for_ever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000), "got more than 100 headers"
    ),
    "sends a header for ever": Incomplete(
        for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536), "got more than 65536 bytes when reading header line"
    ),
    "sends a status line for ever": Incomplete(
        for_ever(b"HTTP/1.1 ", b"2" * 65536), "got more than 65536 bytes when reading status line"
    ),
    "sends the size of a chunk for ever": Incomplete(
        for_ever(CHUNKED, b"0" * 65536), "Response chunk size line exceeded maximum allowed length"
    ),
    "sends 5 GB": Incomplete(for_ever(OF_FIVE_GIGABYTES, b" " * MEBIBYTE), LARGE),
    "sends 5 GB in chunks": Incomplete(for_ever(CHUNKED, b"100000\r\n" + b" " * MEBIBYTE + b"\r\n"), LARGE),
    "sends a gzip bomb": Incomplete(sends(answer(bomb(100 * MEBIBYTE), b"Content-Encoding: gzip")), LARGE),
    "says gzip but sends text": Incomplete(
        sends(answer(b"{}", b"Content-Encoding: gzip")), "Error -3 while decompressing data: incorrect header check"
    ),
    "sends no number for a chunk": Incomplete(
        sends_and_closes(CHUNKED + b"junk\r\n{}\r\n"),
        r"invalid literal for int() with base 16: b'junk\r\n'",
    ),
    "sends a negative chunk": Incomplete(
        sends_and_closes(CHUNKED + b"-5\r\n{}\r\n"), "read length must be non-negative or -1"
    ),
    "closes in the body": Incomplete(sends_and_closes(TRUNCATED), "IncompleteRead(11 bytes read, 989 more expected)"),
    "resets in the body": Incomplete(resets(TRUNCATED), RESET),
    "closes without an answer": Incomplete(sends_and_closes(b""), "Remote end closed connection without response"),
    "resets without an answer": Incomplete(resets(b""), RESET),
    "sends no HTTP": Incomplete(sends_and_closes(b"SSH-2.0 \x00\xff\x9b\r\n"), r"SSH-2.0 \x00ÿ\x9b"),
    "sends another protocol": Incomplete(
        sends_and_closes(b"HTTP/9.9 ABC\r\n\r\n"), r"invalid literal for int() with base 10: 'ABC\r\n'"
    ),
}

JUNK: dict[str, Behaviour] = {
    "lone surrogate": sends(json_body(r'{"alias":"\ud800","deviceid":"\udfff"}')),
    "1,000 levels": sends(json_body("[" * 1000 + "]" * 1000)),
    "100,000 levels": sends(json_body("[" * 100_000 + "]" * 100_000)),
    "100,000 objects": sends(json_body('{"a":' * 100_000 + "1" + "}" * 100_000)),
    "NaN": sends(json_body("NaN")),
    "Infinity": sends(json_body("-Infinity")),
    "1e999": sends(json_body("1e999")),
    "4,000 digits": sends(json_body('{"passings":' + "9" * 4000 + "}")),
    "5,000 digits": sends(json_body("9" * 5000)),
    "a name twice": sends(answer(b'{"description":"Success","result":[],"result":{}}')),
    "UTF-16": sends(answer('{"description":"Success","result":[]}'.encode("utf-16"))),
    "a byte order mark": sends(answer('{"description":"Success","result":[]}'.encode("utf-8-sig"))),
    "not UTF-8": sends(answer(b'{"description":"\xff\xfe\x9b","result":[]}')),
    "Latin-1": sends(answer('{"description":"é","result":[]}'.encode("latin-1"))),
    "nothing": sends(answer(b"")),
}
"""Servers whose bodies are no JSON that every client can read."""

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u200b\u2066\ufeff\x00\x7f\x85\u2028"

ODD: dict[str, Behaviour] = {
    "null": sends(answer(b"null")),
    "entries of all kinds": sends(json_body('null,1,"x",[],true,{},{"deviceid":5},{"token_session":[]}')),
    "numbers in the place of texts": sends(answer(b'{"description":5,"result":5,"deviceid":5,"token_session":5}')),
    "a list for pagination": sends(answer(b'{"description":"Success","result":[{"a":1}],"pagination":[1]}')),
    "control characters": sends(
        answer(json.dumps({"description": ESCAPES, "result": [{"deviceid": ESCAPES, ESCAPES: 1}]}).encode())
    ),
    "control characters in an error": sends(
        answer(json.dumps({"description": ESCAPES}).encode(), status=b"403 Forbidden")
    ),
    "odd headers": sends(
        answer(b"{}", b"Content-Type: text/\x9b\xff\x1b[2J", b"Set-Cookie: \xff=\x9b; Max-Age=\xb2; expires=\xb2")
    ),
    "Retry-After: ²": sends(answer(b"{}", b"Retry-After: \xb2", status=b"200 OK")),
    "Location 0x9B": sends(redirects_to(b"/\x9b31m\xff")),
    "Location [": sends(redirects_to(b"http://[")),
    "a redirect to itself": sends(redirects_to(b"/v0/devices")),
    "status 999": sends(answer(b"{}", status=b"999 \x9b\x1b[2J")),
    "early hints": sends(answer(b"{}", status=b"103 Early Hints")),
    "endless pages": endless_pages(),
}
"""Servers that answer with HTTP, and with JSON or a redirect, but not as the API would."""

EVERYTHING: dict[str, Behaviour] = {name: each.behaviour for name, each in INCOMPLETE.items()} | JUNK | ODD
