"""The types of the request and response bodies."""

from typing import NotRequired, TypedDict


class Device(TypedDict):
    """schemas/device.json"""

    deviceid: str
    type: str | None
    model: str
    alias: str | None
    firmware: str | None
    serial_number: str
    creation_date: str
    sessions: int
    passings: int
    last_seen: str | None
    device_status: NotRequired[str | None]
    battery_percentage: NotRequired[int | None]
    charging: NotRequired[bool | None]
    last_telemetry_at: NotRequired[str | None]


class DeviceSummary(TypedDict):
    """An entry of the list of devices: schemas/device.json or, in the dialect "openapi", schemas/device-summary.json.

    passings and last_seen are there in the dialect "pages" only, the other optional fields in "openapi" only.
    """

    deviceid: str
    type: str | None
    model: str
    alias: str | None
    firmware: str | None
    serial_number: str
    creation_date: str | None
    sessions: int
    passings: NotRequired[int]
    last_seen: NotRequired[str | None]
    last_login: NotRequired[str | None]
    device_status: NotRequired[str | None]
    battery_percentage: NotRequired[int | None]
    charging: NotRequired[bool | None]
    last_telemetry_at: NotRequired[str | None]


class EventSummary(TypedDict):
    """schemas/event-summary.json. A live event may lack all fields but event_token."""

    event_token: str
    name: NotRequired[str | None]
    edition: NotRequired[str | None]
    location: NotRequired[str | None]
    start_date: NotRequired[str | None]
    end_date: NotRequired[str | None]
    status: NotRequired[str | None]


class SessionSummary(TypedDict):
    """schemas/session-summary.json"""

    token_session: str
    alias: str | None
    creation_date: str
    active: bool
    passings: int


class Session(SessionSummary):
    """schemas/session.json. duration is a time; first and last are the times of the earliest and latest passing."""

    duration: str
    first: str | None
    last: str | None


class PassingInput(TypedDict):
    """schemas/passing-input.json. chips, another name for chip, is unknown in the dialect "openapi"."""

    bib: str
    num_passing: int
    timestamp: str
    latitude: NotRequired[str | float | None]
    longitude: NotRequired[str | float | None]
    status: NotRequired[str | None]
    participant_id: NotRequired[str | None]
    chip: NotRequired[str | None]
    chips: NotRequired[str | None]
    timezone: NotRequired[str | None]
    gender: NotRequired[str | None]


class Passing(TypedDict):
    """schemas/passing.json"""

    token_session: str
    timestamp: str
    num_passing: int
    latitude: str
    longitude: str
    status: str | None
    participant_id: str | None
    chip: str | None
    bib: str
    timezone: str | None
    gender: str | None
    deviceid: str


class Inserted(TypedDict):
    """schemas/answers/passings-inserted.json. Of an answer in the dialect "openapi" both counts may be absent."""

    description: str
    token_session: str
    inserted_count: NotRequired[int]
    duplicate_count: NotRequired[int]


class Continued(TypedDict):
    """schemas/answers/passings-continued.json. On the live API, passings may lack the fields its page does not show."""

    description: str
    deviceid: str
    session_used: str | None
    session_label: str | None
    resumed_from: int | None
    passings: list[Passing]
