"""The life of a request: access, parameters, quota and faults, answers, journal, log, CORS, and which hosts are valid.

It may import base/, spec/ and world/. It must not know a single operation: views/ and admin/ do.
"""
