"""The whole application under any kind of worker, to compare with the floor.

`python -m tests.tablets.whole WORKER_CLASS WORKERS THREADS DATABASE PORT`
"""

from __future__ import annotations

from tests.tablets.floor import given_options

if __name__ == "__main__":
    from compete.commands.serve import serve
    from compete.config import Config

    _database, options = given_options()
    serve(Config.from_env(), options)
