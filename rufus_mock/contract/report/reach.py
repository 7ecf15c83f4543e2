"""What would reach a statement that a run did not exercise."""

import re

_REMEDIES = (
    (r"\bgive --", ""),
    (r"writes|the run stopped writing", "Give --allow-writes and a key that may write."),
    (r"^no (--[\w-]+) was given", r"Give \1."),
    (r"may not unbind", "Give a key with the unbind permission."),
    (r"^no key that was given may write", "Give a key of access type WRITE or READ_WRITE."),
    (r"of the budget are sent", "Give a larger --budget."),
    (r"reached its deadline", "Give a larger --deadline."),
    (r"the account has .*\bevents\b", "Use an account with more events. The API cannot create any."),
    (r"the account has ", "Use an account that has them, or give --allow-writes."),
    (r"^interrupted", "Let the run end."),
    (r"path is only assumed", "Nothing: the target does not have the operation at this path."),
    (r"requests in a row got no answer|no answer:", "Run again when the target answers."),
    (r"broke down", "Report the defect of the kit."),
)


def remedy(reason: str) -> str:
    """A sentence about what to do; empty if the reason says it, or if nothing is known."""
    for pattern, text in _REMEDIES:
        found = re.search(pattern, reason)
        if found:
            return found.expand(text)
    return ""
