"""What the probes work with: the target, its answers, devices to look at, and the evidence that becomes verdicts.

It may import the client, the contract kit's session and what is below them. It must not know which probes exist.
"""
