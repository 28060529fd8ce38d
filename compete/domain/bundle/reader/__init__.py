"""Reader from the bytes of a file to the types of the bundle.

Two ways lead there, with the same result. A JSON file that is plainly right is
read in one go by msgspec (`plain`). Anything else, and all YAML, is first made
a tree of plain values (`json_tree`, `yaml_tree`), which is then brought into
shape piece by piece, noting everything that does not fit (`shaping`).
"""
