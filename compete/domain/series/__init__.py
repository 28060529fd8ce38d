"""Series of competitions, from the works to the nation: what was counted, and who goes up.

The format of their file is docs/series.md.
"""
