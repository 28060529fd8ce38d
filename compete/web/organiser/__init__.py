"""The desk: pages of organisers, chief judges and supervisors, a folder for each family of them.

In a folder `views.py` answers the pages' addresses, `view_model.py` puts
what they show into words and figures, and `shapes.py` says of what types that is.
"""
