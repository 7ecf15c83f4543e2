"""The application on a socket: granian, answers that are sent later, certificates, the log, from start to signal.

It may import web/ and what is below it. Only worker.py imports granian. The folder must not know an operation, and it
must never import the simulator or the commands.
"""
