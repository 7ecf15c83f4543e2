"""What every part may use: errors, the clock, times, identifiers, JSON text, masking, and the handling of a process.

It imports nothing of the package and must not know HTTP, Flask, a company or the contract.
"""
