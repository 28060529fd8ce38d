"""Upload limits: the most bytes of each kind of file that people send.

`COMPETE_MAX_UPLOAD_MB` bounds a whole request besides; a larger one does not move these.
"""

from __future__ import annotations

MIB = 1024 * 1024
LARGEST_WORKBOOK = 20 * MIB
"""A registration of 100,000 people takes 6 MiB."""
LARGEST_TYPED_ROWS = 1 * MIB
"""Of a list of a few columns, such as judges."""
LARGEST_PACKAGE = 2 * MIB
"""What a tablet without network hands in."""
LARGEST_EXAM_PAPER = 12 * MIB
"""Of a form with its pictures, as each device of an examination fetches it."""
LARGEST_DOCUMENT = 10 * MIB
LARGEST_PORTRAIT = 10 * MIB
"""A phone's largest photo; so of each photo in a zip."""
LARGEST_ZIP_UNPACKED = 300 * MIB
LARGEST_SHEET_PHOTO = 3 * MIB
LARGEST_OUTCOME_PHOTO = 5 * MIB
LARGEST_PAPER_PHOTO = 10 * MIB
"""A photo of a paper that was signed on the day."""
LARGEST_EVIDENCE_PHOTO = 10 * MIB
"""It is drawn anew and becomes small; a PDF is kept as it is."""
LARGEST_EVIDENCE_PDF = 5 * MIB
LARGEST_FILM = 50 * MIB
LARGEST_EMBLEM = 3 * MIB
