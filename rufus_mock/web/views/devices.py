"""Operations on devices. https://help.runonrufus.com/public-api/timing-devices"""

from flask import Blueprint, Response

from ...assumptions.devices import BIND_AGAIN, BIND_AGAIN_TEXT, PAGINATION
from ...base.errors import DeviceAlreadyBound
from ..request.call import Call
from ..request.operations import operation
from ..request.pagination import pagination

blueprint = Blueprint("devices", __name__)


@operation(blueprint, "bindDevice")
def bind_device(call: Call) -> Response:
    body = call.body
    try:
        device = call.company.devices.bind(
            body["model"], body["serial_number"], body.get("type"), body.get("alias"), body.get("firmware")
        )
    except DeviceAlreadyBound as error:
        return _bound_again(call, error.fields["deviceid"])
    return call.answer(deviceid=device.deviceid)


@operation(blueprint, "unbindDevice")
def unbind_device(call: Call, deviceid: str) -> Response:
    call.company.unbind(deviceid)
    return call.answer(deviceid=deviceid)


@operation(blueprint, "listDevices")
def list_devices(call: Call) -> Response:
    page, limit = call.query["page"], call.query["limit"]
    devices, total = call.company.devices.page(page, limit)
    return call.answer_page(PAGINATION, result=call.entries(devices), pagination=pagination(page, limit, total))


@operation(blueprint, "getDevice")
def get_device(call: Call, deviceid: str) -> Response:
    return call.answer(result=call.shaped("device", call.company.devices.describe(deviceid)))


def _bound_again(call: Call, deviceid: str) -> Response:
    """The answer for a device that is bound already. Raises DeviceAlreadyBound, or the same with another text."""
    status = call.assumptions[BIND_AGAIN]()
    if status is not None:
        return call.answer(status, deviceid=deviceid)
    refusal, text = call.assumptions[BIND_AGAIN_TEXT]()
    raise refusal(deviceid=deviceid, **({} if text is None else {"description": text}))
