"""The life of a device as a state machine: writes and reads in any order, and the model says what must be read."""

from contextlib import suppress
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition
from hypothesis.stateful import rule as step

from ..judge.statements import rule
from ..reads import read_active, read_device, read_next, read_range, read_session, read_sessions, read_span
from ..run import Run
from ..session.errors import CannotGoOn
from ..subject.material import Material, entry
from ..subject.model import DeviceModel
from ..subject.writes import close, insert, insertion, open_session, unbind
from .check import check

_CLOSED_TAKES_NONE = rule("closed-takes-none")


class _Life(RuleBasedStateMachine):
    """A device, and everything that can be done with it. A subclass sets the run and its material."""

    run: ClassVar[Run]
    material: ClassVar[Material]
    device: DeviceModel

    @initialize()
    def bind(self) -> None:
        self.device = self.material.playground()

    @step(alias=st.none() | st.sampled_from(["START", "Ziel", "折返し"]))
    def open(self, alias: str | None) -> None:
        with self.run.step():
            open_session(self.run, self.device, alias)

    @precondition(lambda self: self.device.active)
    @step(numbers=st.lists(st.integers(0, 60), min_size=1, max_size=5, unique=True), interval=st.integers(-900, 900))
    def insert(self, numbers: list[int], interval: int) -> None:
        session = self.device.active
        assert session is not None
        fresh = [number for number in numbers if number not in session.passings]
        if fresh:
            with self.run.step():
                insert(self.run, self.device, session, [entry(number, number * interval) for number in fresh])

    @precondition(lambda self: self.device.active)
    @step()
    def close(self) -> None:
        session = self.device.active
        assert session is not None
        with self.run.step():
            close(self.run, session)

    @precondition(lambda self: any(not session.active for session in self.device.sessions))
    @step()
    def insert_into_a_closed_session(self) -> None:
        session = next(session for session in self.device.sessions if not session.active)
        with self.run.step():
            body = insertion(self.run, session.token_session, [entry(61, 0)])
            exchange = self.run.ask("insertPassings", body=body)
            exchange.against(_CLOSED_TAKES_NONE).status_fits(exchange.status >= 400, "no passing taken")

    @step()
    def read_the_device(self) -> None:
        with self.run.step():
            read_device(self.run, self.device)
            read_sessions(self.run, self.device)
            read_active(self.run, self.device)

    @precondition(lambda self: self.device.sessions)
    @step(data=st.data())
    def read_one_session(self, data: Any) -> None:
        session = data.draw(st.sampled_from(self.device.sessions[-4:]))
        with self.run.step():
            read_session(self.run, self.device, session)
            read_range(self.run, self.device, session)

    @precondition(lambda self: self.device.sessions)
    @step(data=st.data())
    def continue_reading(self, data: Any) -> None:
        session = data.draw(st.sampled_from(self.device.sessions[-4:]))
        last = data.draw(st.sampled_from([*session.numbers(), 0]))
        with self.run.step():
            read_next(self.run, self.device, session, last)
            read_span(self.run, self.device)

    def teardown(self) -> None:
        device = getattr(self, "device", None)
        if device is not None and self.run.may_unbind:
            # If it fails, that is recorded as a finding.
            with suppress(CannotGoOn):
                unbind(self.run, device)


@check(
    "bindDevice",
    "insertSession",
    "closeSession",
    "insertPassings",
    "unbindDevice",
    "getDevice",
    "getDeviceSessions",
    "getActiveSession",
    "getSession",
    "getSessionPassings",
    "getDevicePassings",
    "continueDevicePassings",
    writes=True,
)
def reads_agree_with_the_model_after_any_writes(run: Run, material: Material) -> None:
    """After binding, opening, inserting and closing in any order, every read gives what the model holds"""
    material.require_writes()

    machine = type("Life", (_Life,), {"run": run, "material": material})
    steps = 12 if run.options.examples > 10 else 8
    run.explore_machine(machine, max(1, run.few), steps)
