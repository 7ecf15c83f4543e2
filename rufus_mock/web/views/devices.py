"""Operations on devices. https://help.runonrufus.com/public-api/timing-devices"""

from flask import Blueprint, Response

from ..request.call import Call
from ..request.operations import operation
from ..request.pagination import pagination

blueprint = Blueprint("devices", __name__)


@operation(blueprint, "bindDevice")
def bind_device(call: Call) -> Response:
    body = call.body
    device = call.company.devices.bind(
        body["model"], body["serial_number"], body.get("type"), body.get("alias"), body.get("firmware")
    )
    return call.answer(deviceid=device.deviceid)


@operation(blueprint, "unbindDevice")
def unbind_device(call: Call, deviceid: str) -> Response:
    call.company.unbind(deviceid)
    return call.answer(deviceid=deviceid)


@operation(blueprint, "listDevices")
def list_devices(call: Call) -> Response:
    page, limit = call.query["page"], call.query["limit"]
    devices, total = call.company.devices.page(page, limit)
    return call.answer(result=call.entries(devices), pagination=pagination(page, limit, total))


@operation(blueprint, "getDevice")
def get_device(call: Call, deviceid: str) -> Response:
    return call.answer(result=call.shaped("device", call.company.devices.describe(deviceid)))
