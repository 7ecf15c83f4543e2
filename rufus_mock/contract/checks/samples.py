"""A valid request to each operation, for the checks of keys."""

from collections.abc import Mapping
from typing import Any

from ...spec.operations import Operation
from ..run import Run
from ..subject.material import Material, entry
from ..subject.model import DeviceModel
from ..subject.writes import bind, insertion, new_device, open_session
from .offering import offers


class Samples:
    """A valid request to each operation: on the run's own device, with writes off on one of the account, or on none."""

    def __init__(self, run: Run, material: Material) -> None:
        self._run = run
        self._device: DeviceModel | None = None
        if not run.writes_off:
            self._device = material.playground()
            if not self._device.sessions:
                open_session(run, self._device, "access")
            # A key may do something to it that it must not do, so the model no longer applies.
            self._device.certain = False
        elif material.learnt:
            self._device = material.learnt[0]

    def of(self, operation: Operation, fresh: bool = False) -> Mapping[str, Any]:
        """What to send. fresh: to something that no request of this check has closed or unbound."""
        run, device = self._run, self._device
        if fresh and device is not None:
            if operation.id == "unbindDevice" and run.may_unbind:
                device = bind(run)
            elif operation.id in ("closeSession", "insertPassings"):
                open_session(run, device, "access")
        deviceid = device.deviceid if device else run.fresh_identifier()
        token_session = device.sessions[-1].token_session if device and device.sessions else run.fresh_identifier()
        known = {"deviceid": deviceid, "token_session": token_session}
        if operation.id == "unbindDevice" and not run.may_unbind:
            known["deviceid"] = run.fresh_identifier()
        sample: dict[str, Any] = {"path": {name: known[name] for name in operation.path_parameters}}
        if operation.id == "bindDevice":
            sample["body"] = new_device(run, type="x")
        elif operation.id == "insertSession":
            sample["body"] = {"deviceid": deviceid, "alias": "access"}
        elif operation.id == "insertPassings":
            sample["body"] = insertion(run, token_session, [entry(run.random.getrandbits(30), 0)])
        return sample


def chosen(run: Run, operation_ids: tuple[str, ...]) -> list[Operation]:
    wanted = run.options.operations or operation_ids
    return [
        operation
        for operation in run.contract.operations.values()
        if operation.id in operation_ids
        and operation.id in wanted
        and (operation.method == "GET" or not run.writes_off)
        and offers(run, operation)
    ]
