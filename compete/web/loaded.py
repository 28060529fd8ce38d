"""Loads every page: views hang themselves on their blueprints, lists on the papers' kinds."""

from importlib import import_module
from pkgutil import walk_packages

import compete.web

for _file in walk_packages(compete.web.__path__, "compete.web."):
    import_module(_file.name)
