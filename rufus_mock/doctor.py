"""rufus-mock doctor: why is my key refused? Asks one question after the other, by GET requests only.

It needs requests: pip install "rufus-mock[contract]".
"""

import json
import os
import re
import secrets
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests

from .client import TIMEOUT, reason
from .http.access_log import masked, printable
from .specification import OPENAPI, PAGES, Specification

OK, NOTE, WRONG, NOT_ASKED = "ok", "note", "WRONG", "-"

CLOCK_TOLERANCE = 5
"""Seconds that two clocks may differ: passings of devices that disagree by more come in a wrong order."""

_KEY = re.compile(r"ror-[0-9a-f]{20}")
_VISIBLE = re.compile(r"[!-~]+")
_OPERATION = "listDevices"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_SHOWN = 60

_UNDERSCORE = (
    "Something on the way drops header names with an underscore. nginx: underscores_in_headers on; "
    "gunicorn: --header-map dangerous; Werkzeug's server (flask run) and waitress cannot be taught: take granian or "
    "uvicorn, or send the key as x-api-key"
)


@dataclass(frozen=True)
class Finding:
    """The answer to a question: ok, a note, wrong, or not asked; what was seen, and how to mend it."""

    question: str
    verdict: str
    text: str


@dataclass(frozen=True)
class _Reply:
    """What came back from GET /devices, and when, halfway between question and answer."""

    status: int
    headers: Any
    content: bytes
    moment: float

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    @property
    def dialect(self) -> str:
        return OPENAPI if isinstance(self.json, dict) and self.json.keys() == {"body"} else PAGES

    @property
    def body(self) -> dict[str, Any]:
        body = self.json["body"] if self.dialect == OPENAPI else self.json
        return body if isinstance(body, dict) else {}

    @property
    def said(self) -> str:
        """Status and the beginning of the description, for a person."""
        return shortened(f"{self.status} {self.body.get('description') or ''}".strip())

    def same(self, other: "_Reply") -> bool:
        return (self.status, self.content) == (other.status, other.content)


class _Stop(Exception):
    """What was found makes all further questions pointless."""


class Doctor:
    """Examines what answers at a base URL. Raises ValueError for a URL that is none, and for a key that cannot be sent.

    Without an api_key a made-up one shows whether a key arrives; what it may do is not asked then.
    """

    def __init__(self, base_url: str, api_key: str | None = None) -> None:
        self._url = base_url.rstrip("/")
        self._parts: SplitResult
        try:
            self._parts = urlsplit(self._url)
            port = self._parts.port
            if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
                raise ValueError("a scheme or a host is missing")
        except ValueError as error:
            raise ValueError(f"no URL of the form https://host/v0: {self._hidden(base_url)} ({error})") from error
        self._host: str = self._parts.hostname
        self._port = port or (443 if self._parts.scheme == "https" else 80)
        if api_key and not _VISIBLE.fullmatch(api_key):
            raise ValueError("the key holds what no header can: a space, a line feed, a character beyond ASCII")
        self._given = api_key
        self._api_key = api_key or f"ror-{secrets.token_hex(10)}"
        self._specification = Specification()
        self._headers = self._specification.key_headers
        self._session = requests.Session()

    QUESTIONS = ("name", "route", "TLS", "answer", "api_key", "x-api-key", "dialect", "clock", "key")

    def findings(self) -> Iterator[Finding]:
        """One finding a question, each when it is known. No key stands in any of them."""
        left = list(self.QUESTIONS)
        with self._session:
            try:
                for question, verdict, text in self._ask_all():
                    left.remove(question)
                    yield Finding(question, verdict, self._hidden(text))
                    if verdict == WRONG and question in ("name", "route", "TLS", "answer"):
                        raise _Stop
            except _Stop:
                for question in left:
                    yield Finding(question, NOT_ASKED, "not asked: mend the above first")

    def _ask_all(self) -> Iterator[tuple[str, str, str]]:
        proxy = requests.utils.select_proxy(self._url, requests.utils.get_environ_proxies(self._url))
        if proxy:
            yield "name", NOTE, "the proxy looks it up, not this machine"
            yield "route", NOTE, f"through the proxy {_without_password(proxy)} that the environment names"
            yield "TLS", *self._tls_by_proxy()
        else:
            yield "name", *self._name()
            yield "route", *self._route()
            yield "TLS", *self._tls()
        without, refusal = self._get(None)
        if without is None:
            yield "answer", WRONG, refusal
            return
        yield "answer", *self._answer(without)
        replies = {name: self._get(name) for name in self._headers}
        for name, (reply, refusal) in replies.items():
            yield name, *(self._header(name, reply, without, replies) if reply else (WRONG, refusal))
        answered = [reply for reply, _ in replies.values() if reply]
        told = [reply for reply in answered if not reply.same(without)]
        best = min(told, key=lambda reply: reply.status, default=without)
        yield "dialect", *_dialect(best)
        yield "clock", *_clock([without, *answered])
        yield "key", *self._key(best, without)

    def _name(self) -> tuple[str, str]:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            return WRONG, f"{self._host} does not resolve ({why}). Check the spelling, then DNS, VPN and /etc/hosts"
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if addresses == [self._host]:
            return OK, f"{self._host} is an address: there is nothing to look up"
        return OK, f"{self._host} is {', '.join(addresses[:3])}"

    def _route(self) -> tuple[str, str]:
        try:
            with socket.create_connection((self._host, self._port), TIMEOUT[0]):
                return OK, f"port {self._port} takes connections"
        except OSError as error:
            why = error.strerror or str(error)
            return (
                WRONG,
                f"port {self._port} takes no connection ({why}). Does the server run, on this port? A firewall?",
            )

    def _tls(self) -> tuple[str, str]:
        if self._parts.scheme == "http":
            return self._no_tls()
        try:
            context = ssl.create_default_context(cafile=_authorities())
            with (
                socket.create_connection((self._host, self._port), TIMEOUT[0]) as plain,
                context.wrap_socket(plain, server_hostname=self._host) as secure,
            ):
                until = (secure.getpeercert() or {}).get("notAfter", "")
                return OK, f"{secure.version()}, the certificate is trusted and valid until {until}"
        except ssl.SSLCertVerificationError as error:
            return WRONG, (
                f"the certificate is not trusted: {error.verify_message}. If it is of an authority of your own "
                "(a mock's, a company's), give its certificate: REQUESTS_CA_BUNDLE=ca.pem"
            )
        except (OSError, ValueError) as error:
            return (
                WRONG,
                f"no TLS on port {self._port}: {reason(error)}. Is it an http:// URL? REQUESTS_CA_BUNDLE wrong?",
            )

    def _tls_by_proxy(self) -> tuple[str, str]:
        return self._no_tls() if self._parts.scheme == "http" else (NOTE, "stands or falls with the answer")

    def _no_tls(self) -> tuple[str, str]:
        if self._host in _LOCAL:
            return OK, "none, and none is needed on this machine"
        return NOTE, "none: the key travels in the clear. Give an https:// URL if there is one"

    def _get(self, header: str | None) -> tuple[_Reply | None, str]:
        """GET /devices with the key in a header, or without; else None and why."""
        url = self._url + self._specification.operations[_OPERATION].path
        headers = {"Accept": "application/json", **({header: self._api_key} if header else {})}
        started = time.time()
        try:
            # A redirect would take the key along to wherever it leads; a .netrc would add a key of its own.
            answer = self._session.get(
                url, headers=headers, timeout=TIMEOUT, allow_redirects=False, auth=lambda request: request
            )
        except requests.RequestException as error:
            return None, f"no answer to GET {url}: {reason(error)}"
        moment = (started + time.time()) / 2
        return _Reply(answer.status_code, answer.headers, answer.content, moment), ""

    def _answer(self, reply: _Reply) -> tuple[str, str]:
        if 300 <= reply.status < 400:
            to = reply.headers.get("Location", "nowhere")
            return WRONG, f"{reply.status}, a redirect to {to}. Give the URL that it ends at: a key follows no redirect"
        if not isinstance(reply.json, dict):
            kind = reply.headers.get("Content-Type", "no content type")
            start = shortened(" ".join(reply.content[:1000].decode(errors="replace").split()))
            return WRONG, (
                f"{reply.status} and no JSON object but {kind}: {start!r}. Some other server, a proxy or a login page "
                "answers here; the base URL of the API ends in /v0"
            )
        if reply.status == 404:
            return WRONG, f"{reply.said}: GET /devices is not known below this URL. The base URL of the API ends in /v0"
        if reply.status >= 500:
            return WRONG, f"{reply.said}: the server fails, or a proxy before it. Try again later, or look at its log"
        return OK, f"JSON; without a key: {reply.said}"

    def _header(
        self, name: str, reply: _Reply, without: _Reply, replies: dict[str, tuple[_Reply | None, str]]
    ) -> tuple[str, str]:
        if not reply.same(without):
            return OK, f"arrives: {reply.said}"
        if without.status < 300:
            return NOTE, "cannot tell: the server answers without a key too"
        others = [other for one, (other, _) in replies.items() if one != name]
        if without.status != 400 and all(other is None or other.same(without) for other in others):
            return NOTE, f"cannot tell: with the key and without it comes the same {reply.said}. Is the key right?"
        mend = _UNDERSCORE if "_" in name else "Something on the way takes it out: look at the proxies' settings"
        return WRONG, f"does not arrive: the answer is the one without a key. {mend}"

    def _key(self, best: _Reply, without: _Reply) -> tuple[str, str]:
        if self._given is None:
            return NOT_ASKED, "not asked: no key was given (RUFUS_API_KEY or --api-key); the above is of a made-up one"
        shown = f"{masked(self._given)} "
        form = "" if _KEY.fullmatch(self._given) else ". It is not of the form ror- and 20 lower-case hex digits"
        if best.same(without):
            return WRONG, f"{shown}is not seen, or not known{form}"
        if best.status == 403:
            return self._forbidden(shown, best, form)
        if best.status != 200:
            return WRONG, f"{shown}gets {best.said}{form}"
        devices = best.body.get("result")
        count = f"{len(devices)} devices on the first page" if isinstance(devices, list) else "a list of another form"
        return OK, f"{shown}may read: {count}. Whether it may write too was not tried: a doctor only reads"

    def _forbidden(self, shown: str, best: _Reply, form: str) -> tuple[str, str]:
        errors = self._specification.server_errors
        said = best.body.get("description")
        if said == errors["UnknownApiKey"].text:
            return WRONG, f"{shown}is not known to the server{form}. Is it a key of another server, or was it deleted?"
        if said == errors["WrongAccessType"].text:
            return NOTE, f"{shown}may not read: a WRITE key. Reading needs READ or READ_WRITE"
        return WRONG, f"{shown}may not read ({best.said}): an unknown key, or one of type WRITE{form}"

    def _hidden(self, text: str) -> str:
        """The text on one line, without the key and without a password in a URL."""
        for key in {getattr(self, "_api_key", None), getattr(self, "_given", None)} - {None, ""}:
            text = text.replace(str(key), masked(str(key)))
        return printable(re.sub(r"//[^/@\s]*@", "//…@", text))


def shortened(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _dialect(reply: _Reply) -> tuple[str, str]:
    if reply.dialect == OPENAPI:
        return OK, 'openapi: bodies are wrapped, {"body": …}'
    return OK, "pages: flat bodies, as on the help pages"


def _clock(replies: list[_Reply]) -> tuple[str, str]:
    offsets = []
    for reply in replies:
        try:
            # The header has whole seconds, cut off: on average the clock is half a second further.
            served = parsedate_to_datetime(reply.headers["Date"]).timestamp() + 0.5
        except (KeyError, ValueError, TypeError):
            continue
        offsets.append(served - reply.moment)
    if not offsets:
        return NOTE, "the server says no time (it sends no Date header)"
    offset = min(offsets, key=abs)
    if abs(offset) <= CLOCK_TOLERANCE:
        return OK, f"the server's and this machine's agree within {max(abs(offset), 1):.0f} s"
    apart = f"{abs(offset):.0f} s {'ahead of' if offset > 0 else 'behind'}"
    hours = " A whole number of hours: a wrong time zone?" if abs(offset) > 1800 and _whole_hours(offset) else ""
    ours = time.strftime("%H:%M:%S", time.gmtime())
    return WRONG, (
        f"the server is {apart} this machine.{hours} One of the two is off; compare this machine's UTC, {ours}, with a "
        "clock you trust, and switch its time synchronisation on"
    )


def _whole_hours(offset: float) -> bool:
    return abs(offset / 3600 - round(offset / 3600)) * 3600 <= CLOCK_TOLERANCE


def _authorities() -> str:
    """The file of trusted authorities that requests takes."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return named or requests.utils.DEFAULT_CA_BUNDLE_PATH


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}" if parts.hostname else url
