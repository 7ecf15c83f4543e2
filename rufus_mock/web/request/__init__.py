"""The life of a request: pipeline.py has its steps, the other modules what the steps use, the access log and CORS.

It may import web/faults/, world/, spec/ and base/. It must not contain an operation; views/ and admin/ do.
"""
