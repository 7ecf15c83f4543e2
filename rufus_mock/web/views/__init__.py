"""The operations of the API, one module for each resource, and the OpenAPI document.

A view calls the world and names the values of the answer. It may import web/request/ and what is
below it. It must not check access or parameters.
"""
