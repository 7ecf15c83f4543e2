"""Sends the requests of a run: with which key, in which header, over the guarded transport."""

import random
from collections.abc import Mapping
from typing import Any

import requests

from ...client import Deadline, Limits, NoAnswer, Reply, RufusClient, specification
from ...spec.operations import Operation
from .claims import Claims
from .curl import curl
from .errors import CannotGoOn, TargetLost, Unanswered
from .exchange import Exchange
from .masking import Masker
from .options import Options
from .ownership import Owned
from .transport import Transport

MODEL = "rufus-mock contract"

MOST_LOST = 3
"""The run ends if so many requests in a row get no answer."""

LONGEST_IDENTIFIER = 200
"""Characters. An identifier that a server names is sent back only if it is not longer."""

OWN_KEY = ""
"""In the place of a key: the one that the run uses for the operation."""


class Connection:
    """The target as the run knows it: its key header and its dialect, who may write, what belongs to the run."""

    transport_class = Transport

    def __init__(self, options: Options, run_id: str) -> None:
        self.options = options
        self.run_id = run_id
        self.keys = options.keys
        self.label = f"{MODEL} {run_id}"
        self.owned = Owned(self.label)
        self.mask = Masker(options.keys.all())
        self.random = random.Random(options.seed)
        self.transport = self.transport_class(
            options.base_url,
            self.owned,
            allow_writes=options.allow_writes,
            rate=options.rate,
            budget=options.budget,
            limits=Limits(options.timeout, deadline=Deadline(options.deadline)),
        )
        self.claims = Claims(self)
        if options.allow_writes:
            self.transport.claims = self.claims
        self.contract = specification()
        self.dialect = options.dialect
        self.header = "api_key"
        self.writer: str | None = None
        self.writes_off: str | None = None if options.allow_writes else "writes are off: give --allow-writes"
        self.may_unbind = False
        self._clients: dict[tuple[str | None, str], RufusClient] = {}
        self._serial = 0
        self._lost = 0

    def ask(
        self,
        operation_id: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        key: str | None = OWN_KEY,
        header: str | None = None,
    ) -> Exchange:
        """Send one request; key None sends no key. Raises Unanswered, TargetLost."""
        check_identifiers(path or {})
        header = header or self.header
        operation = self.contract.operations[operation_id]
        if key == OWN_KEY:
            key = self.keys.reader if operation.method == "GET" else self.writer
        client = self._client(key, header)

        def send() -> Reply:
            return client.send(operation_id, path=path, query=query, body=body)

        try:
            try:
                reply = send()
            except NoAnswer as error:
                if operation.method != "GET" or not _hung_up(error):
                    raise
                # The server may have closed an idle connection at the moment when the request was sent.
                reply = send()
        except NoAnswer as error:
            if not error.sent:
                raise TargetLost(str(error)) from error
            self.unanswered(operation, str(error), self._curl_of(error, header, key))
            self.lost(str(error))
            raise Unanswered(str(error)) from error
        self.answered()
        return Exchange(operation, reply, self.mask(curl(reply.method, reply.url, reply.sent, header, key)))

    def unanswered(self, operation: Operation, why: str, curl: str) -> None:
        """Called if a request was sent and got no complete answer. curl: the request as a line for a shell."""

    def doubted(self, operation_id: str, expected: str, actual: str, exchange: Exchange) -> None:
        """Called if what an operation named is not confirmed. exchange: a read that shows why."""

    def lost(self, why: str) -> None:
        """Counts a request that got no complete answer. Raises TargetLost if there were several in a row."""
        self._lost += 1
        if self._lost >= MOST_LOST:
            raise TargetLost(f"{self._lost} requests in a row got no answer; the last one: {why}")

    def answered(self) -> None:
        """Notes that a request got an answer."""
        self._lost = 0

    def _curl_of(self, error: NoAnswer, header: str, key: str | None) -> str:
        request = getattr(error.__cause__, "request", None)
        if request is None:
            return str(error)
        body = request.body.decode(errors="replace") if isinstance(request.body, bytes) else request.body
        return self.mask(curl(request.method, request.url, body, header, key))

    def fresh_identifier(self) -> str:
        """An identifier that nobody has."""
        identifier = f"{self.random.getrandbits(256):064X}"
        self.owned.nobodys.add(identifier)
        return identifier

    def fresh_serial_number(self) -> str:
        """A serial number that no other run binds."""
        self._serial += 1
        return f"{self.run_id}-{self._serial}"

    def _client(self, key: str | None, header: str) -> RufusClient:
        if (key, header) not in self._clients:
            self._clients[key, header] = RufusClient(
                self.options.base_url,
                key,
                key_header=header,  # type: ignore[arg-type]
                session=self.transport,
            )
        return self._clients[key, header]


def check_identifiers(path: Mapping[str, str]) -> None:
    """Raises CannotGoOn for an identifier that no request should repeat."""
    for name, value in path.items():
        if len(value) > LONGEST_IDENTIFIER:
            raise CannotGoOn(f"an answer named a {name} of {len(value)} characters")


def _hung_up(error: NoAnswer) -> bool:
    """Whether the server closed the connection before it sent a byte."""
    cause = error.__cause__
    no_wait = isinstance(cause, requests.ConnectionError) and not isinstance(cause, requests.Timeout)
    return bool(error.sent) and not error.received and no_wait
