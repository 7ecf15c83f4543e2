"""Compares answers with the contract: schemas, rules, findings, coverage, and the wording of a finding.

It may import session/ (for an exchange and its body), the client and the reader of the contract. It must never send a
request, and it must not know what a device holds or which check is running.
"""
