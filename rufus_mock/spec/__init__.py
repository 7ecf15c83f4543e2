"""Reads the contract in `schemas/`: operations, answers, dialects, evidence, one OpenAPI document, validation.

It may import base/. It must not know the world, Flask or a request: it gets values and says what is wrong with them.
"""
