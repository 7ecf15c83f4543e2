"""The examination: one question after the other, by GET requests only."""

import re
import secrets
import time
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

import requests

from ..client import TIMEOUT, reason
from ..http.access_log import printable
from ..masking import masked
from ..specification import Specification
from .findings import NOT_ASKED, NOTE, OK, WRONG, Finding
from .network import Network
from .replies import Reply, clock, dialect, shortened

_KEY = re.compile(r"ror-[0-9a-f]{20}")
_VISIBLE = re.compile(r"[!-~]+")
_OPERATION = "listDevices"

_UNDERSCORE = (
    "Something on the way drops header names with an underscore. nginx: underscores_in_headers on; "
    "gunicorn: --header-map dangerous; Werkzeug's server (flask run) and waitress cannot be taught: take granian or "
    "uvicorn, or send the key as x-api-key"
)


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
        network = Network(self._host, self._port, self._parts.scheme == "https")
        proxy = requests.utils.select_proxy(self._url, requests.utils.get_environ_proxies(self._url))
        if proxy:
            yield "name", NOTE, "the proxy looks it up, not this machine"
            yield "route", NOTE, f"through the proxy {_without_password(proxy)} that the environment names"
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
        answered = [reply for reply, _ in replies.values() if reply]
        told = [reply for reply in answered if not reply.same(without)]
        best = min(told, key=lambda reply: reply.status, default=without)
        yield "dialect", *dialect(best)
        yield "clock", *clock([without, *answered])
        yield "key", *self._key(best, without)

    def _get(self, header: str | None) -> tuple[Reply | None, str]:
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
        return Reply(answer.status_code, answer.headers, answer.content, moment), ""

    def _answer(self, reply: Reply) -> tuple[str, str]:
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
        self, name: str, reply: Reply, without: Reply, replies: dict[str, tuple[Reply | None, str]]
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

    def _key(self, best: Reply, without: Reply) -> tuple[str, str]:
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

    def _forbidden(self, shown: str, best: Reply, form: str) -> tuple[str, str]:
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


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}" if parts.hostname else url
