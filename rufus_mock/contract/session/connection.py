"""Sends the requests of a run: with which key, in which header, over the guarded transport."""

import random
from collections.abc import Mapping
from typing import Any

from ...client import NoAnswer, RufusClient, specification
from .curl import curl
from .errors import TargetLost
from .exchange import Exchange
from .masking import Masker
from .options import Options
from .ownership import Owned
from .transport import Transport

MODEL = "rufus-mock contract"

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
        )
        self.contract = specification()
        self.dialect = options.dialect
        self.header = "api_key"
        self.writer: str | None = None
        self.writes_off: str | None = None if options.allow_writes else "writes are off: give --allow-writes"
        self.may_unbind = False
        self._clients: dict[tuple[str | None, str], RufusClient] = {}
        self._serial = 0

    def ask(
        self,
        operation_id: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        key: str | None = OWN_KEY,
        header: str | None = None,
    ) -> Exchange:
        """Send one request; key None sends no key. Raises TargetLost if no answer comes."""
        header = header or self.header
        operation = self.contract.operations[operation_id]
        if key == OWN_KEY:
            key = self.keys.reader if operation.method == "GET" else self.writer
        try:
            reply = self._client(key, header).send(operation_id, path=path, query=query, body=body)
        except NoAnswer as error:
            raise TargetLost(str(error)) from error
        return Exchange(operation, reply, self.mask(curl(reply, header, key)))

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
