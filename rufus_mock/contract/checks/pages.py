"""One passing more than a page holds: what a page holds, and that nothing is lost or doubled between two."""

from collections import Counter
from typing import Any

from ...specification import Answer
from ..explore.explorer import CannotGoOn
from ..run import Exchange, Run
from ..subject.material import Material, entry
from ..subject.model import SessionModel
from ..subject.writes import insert, open_session
from .check import check

_BATCH = 1251
_DAY = 86_400_000


@check("getSessionPassings", "getDevicePassings", "continueDevicePassings", "insertPassings", writes=True)
def pages_joined_are_the_whole(run: Run, material: Material) -> None:
    """Pages of at most 5000; joined they are all passings, each once, in order"""
    device = material.playground()
    session = open_session(run, device, "one more than a page")
    numbers = range(1, run.specification.page_size + 2)
    for start in range(0, len(numbers), _BATCH):
        insert(
            run,
            device,
            session,
            [
                {
                    "bib": str(number),
                    "num_passing": number,
                    "timestamp": entry(number, 30 * _DAY + number)["timestamp"],
                    "latitude": "1.5",
                    "longitude": "2.5",
                }
                for number in numbers[start : start + _BATCH]
            ],
        )
    deviceid, token_session = {"deviceid": device.deviceid}, {"token_session": session.token_session}
    span = {"from": entry(1, 30 * _DAY)["timestamp"], "to": entry(1, 31 * _DAY)["timestamp"]}
    _join(run, session, "getSessionPassings", token_session, {}, "pages-joined")
    _join(run, session, "getDevicePassings", deviceid, span, "time-pages-joined")
    _join(run, session, "continueDevicePassings", deviceid, token_session, "resume")


def _join(
    run: Run, session: SessionModel, operation_id: str, path: dict[str, str], query: dict[str, Any], rule_id: str
) -> None:
    joined: list[Any] = []
    for page in (1, 2):
        exchange = run.ask(operation_id, path, {**query, "page": page})
        found = _passings(run, exchange)
        if found is None:
            if page == 1:
                return
            break
        # Without the unbind permission all checks share one device: other sessions may reach into the span.
        own = [p for p in found if p.get("token_session", session.token_session) == session.token_session]
        joined += [passing.get("num_passing") for passing in own]
        size = {"getSessionPassings": "page-size", "getDevicePassings": "time-page-size"}.get(operation_id)
        if size:
            most = run.specification.page_size
            run.rule(exchange, size, len(found) <= most, f"at most {most} passings", f"{len(found)}", "/result")
        if page == 1:
            first = exchange
            full = len(found) >= run.specification.page_size
            run.rule(
                exchange,
                "full-pages",
                full,
                f"{run.specification.page_size} passings, as more follow",
                f"{len(found)} passings",
                "/result",
                "getSessionPassings",
            )
    whole = session.numbers()
    lost = sorted(set(whole) - set(joined))
    doubled = sorted(number for number, count in Counter(joined).items() if count > 1)
    run.rule(
        first,
        rule_id,
        not lost and not doubled,
        f"{len(whole)} passings, each once, on two pages",
        f"lost {lost[:5]}, doubled {doubled[:5]}",
        "/result",
    )
    if not lost and not doubled and operation_id == "getSessionPassings":
        run.rule(
            first, "passings-order", joined == whole, "in the order of num_passing across pages", "another", "/result"
        )


def _passings(run: Run, exchange: Exchange) -> list[dict[str, Any]] | None:
    if exchange.reply.status == 404:
        answer: Answer = exchange.operation.errors["PassingsNotFound"]
        run.judge(exchange, answer)
        return None
    body = run.expect(exchange)
    found = body.get("passings" if exchange.operation.id == "continueDevicePassings" else "result")
    if not isinstance(found, list):
        raise CannotGoOn("no list of passings")
    return [passing for passing in found if isinstance(passing, dict)]
