"""One function for each assumption or group of assumptions: it sends requests, and says what explains the answers.

A probe may import the laboratory, the client's values and what is below them. It must not decide a verdict.
"""

from ..laboratory.probe import Probe
from . import access, binding, burst, continued, inserting, listing, reading, requests, sessions, sizes

BEFORE_BINDING = (
    listing.no_devices,
    listing.device_pagination,
    listing.events,
    access.missing_key,
    access.unknown_key,
    requests.unknown_query,
    requests.query_value,
    requests.path_identifier,
    requests.unknown_path,
    requests.wrong_method,
    requests.extra_slashes,
    sessions.sessions_of_nobody,
    reading.passings_of_nobody,
)
"""The probes that need no device, or a company as it was before the run bound one."""

ON_DEVICES = (
    sessions.no_sessions,
    continued.no_sessions,
    reading.nothing_on_device,
    listing.devices_past_the_end,
    requests.identifier_case,
    access.other_company,
    reading.ranges,
    reading.periods,
    reading.past_the_end,
    reading.device_order,
    sessions.session_order,
    sessions.first_and_last,
    sessions.empty_session,
    sessions.duration,
    sessions.closes_itself,
    continued.start,
    continued.nothing_new,
    continued.jump,
)
"""The probes that read devices: those of the run or, without writes, those of the account."""

WRITING = (
    binding.bind_again,
    binding.identity,
    binding.device_type,
    binding.unknown_fields,
    binding.invalid_bodies,
    binding.last_seen,
    sessions.opening_and_closing,
    sessions.unusual_bodies,
    inserting.refused_sessions,
    inserting.repeated_and_invalid,
    inserting.forms,
    listing.device_order,
)

AT_THE_END = (
    reading.many_passings,
    sizes.large_bodies,
    binding.rebind,
    access.body_400,
    access.body_403,
    burst.rate_limit,
)

PROBES: tuple[Probe, ...] = (*BEFORE_BINDING, *ON_DEVICES, *WRITING, *AT_THE_END)
"""All probes, in the order in which they are run."""
