"""Problems of a draw file."""

from __future__ import annotations

from compete.domain.bundle.problems import BundleError


class DrawFileError(BundleError):
    """A file that is no draw. `problems` are as those of a bundle: a place and a sentence each."""
