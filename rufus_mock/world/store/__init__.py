"""Ordered rows: the indexes of passings.

It imports nothing of the package and must not know what a row means.
"""
