"""The checks of the doctor and their order."""

import re
import secrets
import time
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

import requests

from ..base.masking import masked
from ..base.printable import printable
from ..client import TIMEOUT, BoundedSession, Limits, exchange, reason
from ..spec.contract import Contract
from .findings import NOT_ASKED, NOTE, OK, WRONG, Finding
from .network import Network
from .replies import Reply, clock, dialect, shortened

_KEY = re.compile(r"ror-[0-9a-f]{20}")
_VISIBLE = re.compile(r"[!-~]+")
_OPERATION = "listDevices"

_UNDERSCORE = (
    "A server or proxy on the way drops headers with an underscore in their name. In nginx, set "
    "underscores_in_headers on; start gunicorn with --header-map dangerous; replace Werkzeug's server (flask run) or "
    "waitress, which have no such setting, with granian or uvicorn; or send the key as x-api-key"
)


class _Stop(Exception):
    """Raised when the remaining checks would be pointless."""


class Doctor:
    """Examines the server at a base URL. Raises ValueError for an invalid URL and for a key that no header can hold.

    api_key: without one, the doctor sends an invented key to see whether it arrives, and does not check permissions.
    limits: how long an exchange may take, and how large an answer may be.
    """

    def __init__(self, base_url: str, api_key: str | None = None, limits: Limits | None = None) -> None:
        self._url = base_url.rstrip("/")
        self._parts: SplitResult
        try:
            self._parts = urlsplit(self._url)
            port = self._parts.port
            if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
                raise ValueError("it needs http or https and a host")
        except ValueError as error:
            raise ValueError(f"not a URL of the form https://host/v0: {self._masked(base_url)} ({error})") from error
        self._host: str = self._parts.hostname
        self._port = port or (443 if self._parts.scheme == "https" else 80)
        if api_key and not _VISIBLE.fullmatch(api_key):
            raise ValueError(
                "the key contains a character that a header cannot hold: a space, a line feed or non-ASCII"
            )
        self._given = api_key
        self._api_key = api_key or f"ror-{secrets.token_hex(10)}"
        self._contract = Contract()
        self._headers = self._contract.key_headers
        self._limits = limits or Limits()
        self._session = BoundedSession(self._limits)

    QUESTIONS = ("name", "route", "TLS", "answer", "api_key", "x-api-key", "dialect", "clock", "key")

    def findings(self) -> Iterator[Finding]:
        """One finding per question, in the order of QUESTIONS. None of them contains a key or a password."""
        remaining = list(self.QUESTIONS)
        with self._session:
            try:
                for question, verdict, text in self._check_all():
                    remaining.remove(question)
                    yield Finding(question, verdict, self._masked(text))
                    if verdict == WRONG and question in ("name", "route", "TLS", "answer"):
                        raise _Stop
            except _Stop:
                for question in remaining:
                    yield Finding(question, NOT_ASKED, "not checked: fix the problem above first")

    def _check_all(self) -> Iterator[tuple[str, str, str]]:
        network = Network(self._host, self._port, self._parts.scheme == "https")
        proxy = requests.utils.select_proxy(self._url, requests.utils.get_environ_proxies(self._url))
        if proxy:
            yield "name", NOTE, "not checked: the proxy resolves the name, not this machine"
            yield "route", NOTE, f"through the proxy {_without_password(proxy)}, which the environment sets"
            yield "TLS", *network.tls_by_proxy()
        else:
            yield "name", *network.name()
            yield "route", *network.route()
            yield "TLS", *network.tls()
        without, refusal = self._get(None)
        if without is None:
            yield "answer", WRONG, refusal
            return
        yield "answer", *self._answer(without)
        replies = {name: self._get(name) for name in self._headers}
        for name, (reply, refusal) in replies.items():
            yield name, *(self._header(name, reply, without, replies) if reply else (WRONG, refusal))
        received = [reply for reply, _ in replies.values() if reply]
        different = [reply for reply in received if not reply.same(without)]
        best = min(different, key=lambda reply: reply.status, default=without)
        yield "dialect", *dialect(best)
        yield "clock", *clock([without, *received])
        yield "key", *self._key(best, without)

    def _get(self, header: str | None) -> tuple[Reply | None, str]:
        """The reply to GET /devices with the key in this header, or without a key; or None and the reason."""
        url = self._url + self._contract.operations[_OPERATION].path
        headers = {"Accept": "application/json", **({header: self._api_key} if header else {})}
        started = time.time()
        try:
            # Without auth, requests would add other credentials from .netrc.
            answer = exchange(
                self._session, self._limits, "GET", url, headers=headers, timeout=TIMEOUT, auth=lambda request: request
            )
        except requests.RequestException as error:
            return None, f"no response to GET {url}: {reason(error)}"
        moment = (started + time.time()) / 2
        return Reply(answer.status_code, answer.headers, answer.content, moment), ""

    def _answer(self, reply: Reply) -> tuple[str, str]:
        if 300 <= reply.status < 400:
            to = reply.headers.get("Location", "nowhere")
            return WRONG, f"{reply.status}, a redirect to {to}. Use the final URL: the key is not sent along a redirect"
        if not isinstance(reply.json, dict):
            kind = reply.headers.get("Content-Type", "no content type")
            start = shortened(" ".join(reply.content[:1000].decode(errors="replace").split()))
            return WRONG, (
                f"{reply.status}, expected a JSON object, found {kind}: {start!r}. Another server, a proxy or a login "
                "page answers here. The base URL of the API ends in /v0"
            )
        if reply.status == 404:
            return (
                WRONG,
                f"{reply.summary}: there is no GET /devices below this URL. The base URL of the API ends in /v0",
            )
        if reply.status >= 500:
            return WRONG, f"{reply.summary}: the server or a proxy failed. Try again later, or look at the server's log"
        return OK, f"JSON; without a key: {reply.summary}"

    def _header(
        self, name: str, reply: Reply, without: Reply, replies: dict[str, tuple[Reply | None, str]]
    ) -> tuple[str, str]:
        if not reply.same(without):
            return OK, f"arrives: {reply.summary}"
        if without.status < 300:
            return NOTE, "unknown: the server does not require a key"
        others = [other for one, (other, _) in replies.items() if one != name]
        if without.status != 400 and all(other is None or other.same(without) for other in others):
            return NOTE, f"unknown: the response is the same with and without a key ({reply.summary}). Check the key"
        advice = _UNDERSCORE if "_" in name else "Something on the way removes it: check the settings of the proxies"
        return WRONG, f"does not arrive: the response is the same as without a key. {advice}"

    def _key(self, best: Reply, without: Reply) -> tuple[str, str]:
        if self._given is None:
            return (
                NOT_ASKED,
                "not checked: set a key with RUFUS_API_KEY or --api-key. The checks above used an invented key",
            )
        key = masked(self._given)
        form = "" if _KEY.fullmatch(self._given) else ". A key has the form ror- followed by 20 lower-case hex digits"
        if best.same(without):
            return WRONG, f"{key} does not arrive or is unknown{form}"
        if best.status == 403:
            return self._forbidden(key, best, form)
        if best.status != 200:
            return WRONG, f"{key} gets {best.summary}{form}"
        devices = best.body.get("result")
        count = f"{len(devices)} devices on the first page" if isinstance(devices, list) else "an unexpected result"
        return OK, f"{key} may read: {count}. Whether it may write was not checked, because the doctor only reads"

    def _forbidden(self, key: str, best: Reply, form: str) -> tuple[str, str]:
        errors = self._contract.server_errors
        description = best.body.get("description")
        if description == errors["UnknownApiKey"].text:
            return WRONG, f"{key} is unknown to the server{form}. Does it belong to another server, or was it deleted?"
        if description == errors["WrongAccessType"].text:
            return NOTE, f"{key} may not read: it is a WRITE key. Reading needs a READ or READ_WRITE key"
        return WRONG, f"{key} may not read ({best.summary}): it is unknown or a WRITE key{form}"

    def _masked(self, text: str) -> str:
        """The text on one line, with the key masked and without a password in a URL."""
        for key in {getattr(self, "_api_key", None), getattr(self, "_given", None)} - {None, ""}:
            text = text.replace(str(key), masked(str(key)))
        return printable(re.sub(r"//[^/@\s]*@", "//…@", text))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}" if parts.hostname else url
