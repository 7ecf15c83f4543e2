"""The life of a request to an operation of the API: one class, one method for each step, in the order of the steps."""

from collections.abc import Callable
from typing import cast

from flask import Response, request

from ...assumptions.access import FREE_REQUESTS, RATE_LIMIT
from ...assumptions.events import PATHS
from ...assumptions.requests import UNKNOWN_PATH
from ...base.errors import ApiError, TooManyRequests, Withheld
from ...spec.operations import Operation
from ...world import Company, Key
from ..faults.effect import Effect
from .access import check_access
from .api import Api
from .call import Call
from .exchange import Exchange
from .given import Given, Reader
from .trials import copied, settle

View = Callable[..., Response]


class Pipeline:
    """Takes each request to one operation from its arrival to its answer.

    The journal says of every request whether it follows the contract. So a request that a quota or a fault keeps from
    its operation is still admitted and parsed; only then it gets the answer that the exchange holds instead.
    """

    def __init__(self, api: Api, operation: Operation, view: View) -> None:
        self._api = api
        self._operation = operation
        self._view = view
        self._reader = Reader(api, operation)
        self._path = PATHS.get(operation.id)

    def handle(self, **path: str) -> Response:
        """The Flask view function of the operation."""
        exchange = Exchange(request.environ, self._api.world.assumptions, self._operation.id)
        try:
            self.locate(exchange)
            company, key = self.identify(exchange)
            self.limit_rate(company)
            self.apply_quota_and_faults(exchange, company)
            self.admit(key)
            response = self.answer(exchange, company, self.parse(exchange, company, path))
        except ApiError as error:
            response = self.refuse(exchange, error)
        except Exception as error:
            response = self._api.internal_error(error)
        if exchange.trace.doubts:
            self.try_other_variants(exchange, path)
        response = self.deliver(exchange, response)
        if self._api.explain:
            exchange.explain(response)
        self.record(exchange, response)
        return response

    def locate(self, exchange: Exchange) -> None:
        """Raises the error for an unknown path if the company's mock does not have the path of the operation."""
        if self._path is None:
            return
        assumptions = exchange.belongs_to(self._api.guard.owner(exchange.environ))
        if not assumptions[self._path]():
            exchange.operation = None
            raise assumptions[UNKNOWN_PATH]()()

    def identify(self, exchange: Exchange) -> tuple[Company, Key]:
        """The company that calls, and its key. Raises MissingApiKey, UnknownApiKey."""
        company, key = self._api.guard.identify(exchange.environ)
        exchange.belongs_to(company)
        return company, key

    def limit_rate(self, company: Company) -> None:
        """Raises TooManyRequests if the API limits the rate of requests, and the company sends more."""
        if company.rate.count() > FREE_REQUESTS and (error := company.assumptions[RATE_LIMIT]()):
            raise error(retry_after=1)

    def apply_quota_and_faults(self, exchange: Exchange, company: Company) -> None:
        """Set the answer that replaces the operation's: a 429, or the answer of a fault that loses the request."""
        if company.quota is not None:
            try:
                company.quota.spend()
            except TooManyRequests as error:
                exchange.instead = self._api.renderer.error(error, self._operation)
                return
        if company.faults:
            exchange.strike = company.faults.strike(self._operation.id, request.method, request.path)
            # A read changes nothing, so it is always executed, and the fault alters the operation's own answer.
            if exchange.strike and exchange.strike.fault.prevents_operation and self._operation.method != "GET":
                exchange.instead = self._api.renderer.success_without_values(self._operation)

    def admit(self, key: Key) -> None:
        """Raises WrongAccessType for a key that may not call the operation."""
        check_access(key, self._operation.access)

    def parse(self, exchange: Exchange, company: Company, path: dict[str, str]) -> Given:
        """The path, the query and the body. Raises BadRequest, ContentTooLarge, UnsupportedMediaType, OtherCompany."""
        return self._reader.read(exchange, company, path)

    def answer(self, exchange: Exchange, company: Company, given: Given) -> Response:
        """The answer of the operation, unless there is one instead. Raises every error that the operation documents."""
        if exchange.instead is not None:
            return exchange.instead
        if not exchange.trace.doubts:
            return self._perform(company, given)
        with company.state.lock:  # no other request may come between the copy and the operation
            exchange.before = copied(company)
            return self._perform(company, given)

    def refuse(self, exchange: Exchange, error: ApiError) -> Response:
        """The answer to a request that one of the steps refused."""
        exchange.note(error)
        if exchange.instead is not None:
            return exchange.instead
        return self._api.renderer.error(error, self._operation, exchange.assumptions)

    def try_other_variants(self, exchange: Exchange, path: dict[str, str]) -> None:
        """Note the assumptions that matter for the request but of which only a trial shows that they do."""
        doubts, company = exchange.trace.doubts, exchange.company
        if not doubts or company is None or exchange.instead is not None:
            return

        def attempt(company: Company) -> Response:
            try:
                return self._perform(company, self.parse(exchange, company, path))
            except ApiError as error:
                return self._api.renderer.error(error, self._operation, company.assumptions)
            except Exception as error:
                return self._api.internal_error(error)

        settle(doubts, exchange.before or copied(company), attempt)

    def _perform(self, company: Company, given: Given) -> Response:
        path, query, body, dropped = given
        return self._view(Call(company, self._operation, self._api.renderer, query, body, dropped), **path)

    def deliver(self, exchange: Exchange, response: Response) -> Response:
        """The answer as it goes out: what the fault that affects the request makes of it."""
        if exchange.strike is None or exchange.company is None:
            return response
        effect = cast(Effect, exchange.strike.fault.effect)
        return effect.apply(
            exchange.strike, exchange.company.faults, response, lambda: self._api.own_renderer.error(Withheld())
        )

    def record(self, exchange: Exchange, response: Response) -> None:
        """Write the request and its answer to the journal, if journals are kept."""
        if self._api.recorder is not None:
            self._api.recorder.record(exchange, response)
