"""The whole application by any server, to compare with the floor.

`python -m tests.tablets.whole SERVER WORKERS THREADS PORT`
"""

from __future__ import annotations

from tests.tablets.floor import given_options
from tests.tablets.servers import serve_by

if __name__ == "__main__":
    server, workers, threads, options = given_options()
    serve_by(server, "whole", workers, threads, options)
