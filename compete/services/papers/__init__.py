"""Long papers: printed at once while they are short, else by a job, and kept for who asked."""

from compete.services.papers.kept import (
    KEPT,
    forget_papers,
    forget_papers_of,
    paper_bytes,
    paper_files,
    papers_until,
)
from compete.services.papers.kinds import Asked, Paper, Wish, paper_kinds, printed_as
from compete.services.papers.printing import PRINT, print_or_ask

__all__ = [
    "KEPT",
    "PRINT",
    "Asked",
    "Paper",
    "Wish",
    "forget_papers",
    "forget_papers_of",
    "paper_bytes",
    "paper_files",
    "paper_kinds",
    "papers_until",
    "print_or_ask",
    "printed_as",
]
