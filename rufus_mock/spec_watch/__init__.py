"""Compares a copy of the vendor's OpenAPI document with the contract, and says which differences break a client.

It may import base/, spec/ and client/. It must not send requests to the API: it only reads documents.
"""
