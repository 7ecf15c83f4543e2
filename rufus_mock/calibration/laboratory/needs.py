"""What reaches an assumption that a run could not observe."""

NEEDS = {
    "writes": "--allow-writes, with a key that may write and unbind",
    "unbind": "a key with the unbind permission",
    "other-key": "--other-key, a key of another company that sees no device of this one",
    "rate": "--rate with more than 60 requests per second",
    "devices": "at least three devices, or --allow-writes",
    "no-devices": "a company without devices",
    "events": "a company with events",
    "no-events": "a company without events",
    "device": "a device, or --allow-writes",
    "session": "a device with a session, or --allow-writes",
    "passings": "a closed session with at least three passings, or --allow-writes",
    "several-sessions": "a device with several sessions with passings, or --allow-writes",
    "two-sessions": "a device with two sessions, or --allow-writes",
    "device-without-sessions": "a device without sessions, or --allow-writes",
    "disordered-session": "a session whose passings are not in the order of their timestamps, or --allow-writes",
    "empty-session": "a session without passings, or --allow-writes",
    "closed-session": "a session while it is active and after it is closed: --allow-writes",
    "session-without-alias": "a session that was opened without an alias: --allow-writes",
    "old-session": "a session that is active although it was opened more than two hours ago",
    "equal-times": "a device with two sessions that have passings at the same millisecond, or --allow-writes",
    "more-than-a-page": "a session with more than 5000 passings, or --allow-writes",
}
"""What reaches an assumption, by the tokens of its `needs` in schemas/assumptions/."""
