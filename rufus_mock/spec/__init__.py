"""Reads the contract in `schemas/`: operations, answers, dialects, evidence, one OpenAPI document, validation.

It may import base/. It must not know the world, Flask or a request: it validates values that others pass to it.
"""
