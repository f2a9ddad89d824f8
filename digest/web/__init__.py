"""The web server: gunicorn supervises the processes, waitress speaks HTTP in each of them, with the limits of `limits`.

Waitress reads a request to its end before a thread takes it, so a slow client occupies a socket and never a thread.
"""
