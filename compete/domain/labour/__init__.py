"""Labour competitions: units, not people, ranked over a tree of periods.

`score_labour` carries out the bundle format, section "Labour competitions";
`outcome_of` works everything out, `score_cells` the exact score behind every square of the
scoring grid, and `shares_of` what a total is made of.
"""
