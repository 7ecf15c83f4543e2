"""The operations of the API, a module per resource, and the document that describes them.

A view is a few lines: it calls the world and names the values of the answer. It may import web/request/ and what is
below it. It must not check access or input.
"""
