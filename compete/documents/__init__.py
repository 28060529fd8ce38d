"""Documents in print: badges, cards, score sheets, lists, certificates.

Each module takes plain records and gives back the bytes of a PDF. The layout
is in `templates/documents/*.typ`; what is printed reaches it only as data, so
nothing that a person typed is ever read as Typst. The same records give the
same bytes, always.
"""
