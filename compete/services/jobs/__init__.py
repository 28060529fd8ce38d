"""Work that outlives its request: asked for once, done once, with its progress to be seen.

A new job is a function under `@work_for` in the room whose work it does.
"""
