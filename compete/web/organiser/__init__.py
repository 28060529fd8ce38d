"""The desk: pages of organisers, chief judges and supervisors, in rooms as the services have them.

A room holds families of pages, each a file or a folder. In a folder `views.py` answers the pages'
addresses, `view_model.py` puts what they show into words and figures, and `shapes.py` says of what
types that is. What several rooms do alike stands beside them.
"""
