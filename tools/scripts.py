"""Scripts: run every one of a folder, one after another: `python -m tools.scripts FOLDER`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RUNS = 'if __name__ == "__main__":'


def main(folder: Path) -> int:
    """Run them; exit status 0 if every script ended well; the others still run after a failure."""
    scripts = [path for path in sorted(folder.glob("*.py")) if RUNS in path.read_text("utf-8")]
    if not scripts:
        print(f"skipped: there is no script in {folder} yet")
    failed = []
    for script in scripts:
        print(f"== {script}", flush=True)
        if subprocess.run([sys.executable, str(script)], check=False).returncode:
            failed.append(script)
    for script in failed:
        print(f"failed: {script}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
