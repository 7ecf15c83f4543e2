"""What every part may use: errors, the clock, times, identifiers, JSON text, masking, defaults, and process handling.

It may import no other folder of the package. It must not import Flask, or know what a company has or what the contract
says.
"""
