"""Server's front: a thread is spent on whole requests only.

One event loop in each worker process of gunicorn reads every request to its
end before a thread sees it, and sends every answer after the thread is free
again. However slowly somebody sends or takes, it costs a socket and a bounded
piece of memory, and nobody else's time.
"""
