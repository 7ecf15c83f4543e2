"""The Flask application: app.py puts the world, the contract, the views and the admin API together.

It may import everything except what serves or calls it. It must not know the socket: serving/ does.
"""
