"""Compares a copy of the vendor's OpenAPI document with the contract, and says which differences break a client.

It may import base/ and spec/. It must not send requests to the API: it only reads documents.
"""
