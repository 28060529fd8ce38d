"""What the tablets' scripts call."""

from compete.web.api import photos, signing
from compete.web.api.views import face

__all__ = ["face", "photos", "signing"]
