"""The life of a request: pipeline.py has its steps. The other modules have what the steps use, the log and CORS.

It may import web/faults/, world/, spec/ and base/. It must not contain an operation; views/ and admin/ do.
"""
