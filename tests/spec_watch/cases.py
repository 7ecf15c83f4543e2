"""Changes that the vendor may make to the document, and the differences that each of them is.

A difference is its kind, operation, place, what the contract says, and what the document says.
"""

from tests.spec_watch.changes import (
    Change,
    field,
    moved,
    new_field,
    operation,
    parameter,
    required,
    schema,
    status,
    without_field,
    without_parameters,
)

CASES: dict[str, tuple[Change, list[tuple[str, str | None, str, str, str]]]] = {
    "nothing": (lambda _: None, []),
    "paths with the base path": (
        lambda document: document.update(paths={f"/v0{path}": item for path, item in document["paths"].items()}),
        [],
    ),
    "other names of path parameters": (moved("/devices/{deviceid}", "/devices/{id}"), []),
    "an operation is gone": (
        lambda document: document["paths"]["/passings/device2/{deviceid}"].pop("get"),
        [("breaking", "continueDevicePassings", "operation", "GET /passings/device2/{deviceid}", "no such operation")],
    ),
    "the assumed path is another one": (
        moved("/events", "/events/list"),
        [
            ("compatible", "GET /events/list", "operation", "no such operation", "a new operation"),
            ("note", "listEvents", "operation", "GET /events (this path is assumed)", "no such operation"),
        ],
    ),
    "a new operation": (
        lambda document: document["paths"].update({"/telemetry": {"post": {"responses": {}}}}),
        [("compatible", "POST /telemetry", "operation", "no such operation", "a new operation")],
    ),
    "another server": (
        lambda document: document.update(servers=[{"url": "https://api.runonrufus.com/v1"}]),
        [("breaking", None, "server", "https://api.runonrufus.com/v0", "https://api.runonrufus.com/v1")],
    ),
    "a key header is gone": (
        operation("/devices/{deviceid}", "delete", security=[{"x-api-key": []}]),
        [("breaking", "unbindDevice", "security", "the key in api_key", "x-api-key")],
    ),
    "a new way to send the key": (
        lambda document: (
            document["components"]["securitySchemes"].update(bearer={"type": "http", "scheme": "bearer"}),
            operation("/sessions", "post", security=[{"api_key": []}, {"x-api-key": []}, {"bearer": []}])(document),
        ),
        [("compatible", "insertSession", "security", "api_key or x-api-key", "api_key or x-api-key or bearer")],
    ),
    "no key is needed": (
        operation("/sessions", "post", security=[{}, {"api_key": []}]),
        [("compatible", "insertSession", "security", "api_key or x-api-key", "api_key or x-api-key or no key")],
    ),
    "a parameter is gone": (
        without_parameters("/devices"),
        [
            ("breaking", "listDevices", "query page", "a parameter", "no such parameter"),
            ("breaking", "listDevices", "query limit", "a parameter", "no such parameter"),
        ],
    ),
    "a new parameter": (
        parameter("/devices", {"name": "sort"}),
        [("compatible", "listDevices", "query sort", "no such parameter", "a parameter")],
    ),
    "a new required parameter": (
        parameter("/devices", {"name": "sort", "required": True}),
        [("breaking", "listDevices", "query sort", "no such parameter", "a required parameter")],
    ),
    "a parameter is required now": (
        lambda document: document["components"]["parameters"]["events_limit"].update(required=True),
        [("breaking", "listEvents", "query limit", "optional", "required")],
    ),
    "a smaller maximum of a parameter": (
        lambda document: document["components"]["parameters"]["limit"]["schema"].update(maximum=1000),
        [("breaking", "listDevices", "query limit", "maximum 5000", "maximum 1000")],
    ),
    "a larger maximum of a parameter": (
        lambda document: document["components"]["parameters"]["limit"]["schema"].update(maximum=9000),
        [("compatible", "listDevices", "query limit", "maximum 5000", "maximum 9000")],
    ),
    "another default": (
        lambda document: document["components"]["parameters"]["limit"]["schema"].update(default=100),
        [("breaking", "listDevices", "query limit", "default 5000", "default 100")],
    ),
    "another type of a parameter": (
        lambda document: document["components"]["parameters"]["limit"]["schema"].update(type="string"),
        [("breaking", "listDevices", "query limit", "integer", "string")],
    ),
    "a body is gone": (
        lambda document: document["paths"]["/sessions"]["post"].pop("requestBody"),
        [("breaking", "insertSession", "request", "a body", "no body")],
    ),
    "a body is required": (
        operation("/devices", "get", requestBody={"required": True, "content": {}}),
        [("breaking", "listDevices", "request", "no body", "a required body")],
    ),
    "another content type": (
        operation("/sessions", "post", requestBody={"content": {"application/xml": {"schema": {"type": "object"}}}}),
        [("breaking", "insertSession", "request", "application/json", "application/xml")],
    ),
    "a sent field is gone": (
        without_field("BindDevice", "firmware"),
        [("breaking", "bindDevice", "request /firmware", "a field", "no such field")],
    ),
    "a new sent field": (
        new_field("BindDevice", "color"),
        [("compatible", "bindDevice", "request /color", "no such field", "a field")],
    ),
    "a new required sent field": (
        new_field("BindDevice", "color", required=True),
        [("breaking", "bindDevice", "request /color", "no such field", "a required field")],
    ),
    "a sent field is required now": (
        required("BindDevice", "alias", True),
        [("breaking", "bindDevice", "request /alias", "optional", "required")],
    ),
    "a sent field is optional now": (
        required("BindDevice", "model", False),
        [("compatible", "bindDevice", "request /model", "required", "optional")],
    ),
    "other sent fields are refused": (
        schema("BindDevice", additionalProperties=False),
        [("breaking", "bindDevice", "request", "other fields are ignored", "other fields are not allowed")],
    ),
    "a sent field may be null no longer": (
        field("PassingInput", "gender", nullable=False),
        [("breaking", "insertPassings", "request /passings_list/[]/gender", "string or null", "string")],
    ),
    "a sent field has fewer values": (
        field("BindDevice", "model", enum=["A", "B"]),
        [("breaking", "bindDevice", "request /model", "any value", "one of 'A', 'B'")],
    ),
    "a sent text is limited": (
        field("BindDevice", "alias", maxLength=24),
        [("breaking", "bindDevice", "request /alias", "no maxLength", "maxLength 24")],
    ),
    "a read field is gone": (
        without_field("SessionSummary", "passings"),
        [("breaking", "getDeviceSessions", "200 /body/result/[]/passings", "a field", "no such field")],
    ),
    "a new read field": (
        new_field("SessionSummary", "laps", required=True),
        [("compatible", "getDeviceSessions", "200 /body/result/[]/laps", "no such field", "a field")],
    ),
    "a read field is optional now": (
        required("SessionSummary", "active", False),
        [("breaking", "getDeviceSessions", "200 /body/result/[]/active", "required", "optional")],
    ),
    "a read field may be null now": (
        field("SessionSummary", "passings", nullable=True),
        [("breaking", "getDeviceSessions", "200 /body/result/[]/passings", "integer", "integer or null")],
    ),
    "a read field has another type": (
        field("SessionSummary", "passings", type="string"),
        [("breaking", "getDeviceSessions", "200 /body/result/[]/passings", "integer", "string")],
    ),
    "a read number is no integer": (
        field("SessionSummary", "passings", type="number"),
        [("breaking", "getDeviceSessions", "200 /body/result/[]/passings", "integer", "number")],
    ),
    "a read field has a new text": (
        field("SessionClosed", "description", enum=["Session closed successfully"]),
        [
            (
                "breaking",
                "closeSession",
                "200 /body/description",
                "only 'Session closed succesfully'",
                "only 'Session closed successfully'",
            )
        ],
    ),
    "a read field has only some values": (
        field("EventSummary", "status", enum=["DRAFT", "PUBLISHED"]),
        [
            (
                "compatible",
                "listEvents",
                "200 /body/result/[]/status",
                "any value",
                "one of 'DRAFT', 'PUBLISHED'",
            )
        ],
    ),
    "another status": (
        status("/devices", "post", "201", "202"),
        [("breaking", "bindDevice", "status", "201", "202")],
    ),
    "another status where ours is assumed": (
        status("/sessions", "post", "201", "200"),
        [("note", "insertSession", "status", "201", "200")],
    ),
    "a new error": (
        lambda document: document["paths"]["/events"]["get"]["responses"].update({"404": {"description": ""}}),
        [("compatible", "listEvents", "404", "no such answer", "an answer")],
    ),
    "a text that is only assumed": (
        field("Devices", "description", enum=["OK"]),
        [("note", "listDevices", "200 /body/description", "only 'Success'", "only 'OK'")],
    ),
}
