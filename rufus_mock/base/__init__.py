"""What every part may use: errors, the clock, times, identifiers, JSON text, masking, defaults, and process handling.

It imports no other folder of the package and must not know HTTP, Flask, a company or the contract.
"""
