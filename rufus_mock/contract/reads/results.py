"""The result of a read, where there is one to go on with."""

from typing import Any

from ..explore.explorer import CannotGoOn
from ..run import Exchange, Run


def result_of(run: Run, exchange: Exchange, kind: type) -> Any:
    result = run.expect(exchange).get("result")
    if not isinstance(result, kind):
        raise CannotGoOn(f"{exchange.operation.id}: no result to read")
    return result


def only_result(run: Run, exchange: Exchange) -> dict[str, Any]:
    result = result_of(run, exchange, list)
    if len(result) != 1 or not isinstance(result[0], dict):
        raise CannotGoOn(f"{exchange.operation.id}: not a list of one")
    return result[0]
