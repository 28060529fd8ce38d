"""The check-in clerk's page: who comes, what they bring, whether it is they."""

from compete.web.check_in.views import face

__all__ = ["face"]
