"""Draws that anybody can check: ceremonies of sealed shares, and the files that hold them.

`read_draw_file` and `check_draw_file` work a ceremony out again; `seal_share`,
`announce`, `open_share`, `fix_openings` and `draw`, in this order, hold one.
`docs/draw.md` tells how all of it is computed.
"""
