"""The Flask application: app.py assembles it from the world, the contract, the views and the admin API.

It may import its own folders, fixtures/, world/, spec/ and base/. It must not know sockets; serving/ does.
"""
