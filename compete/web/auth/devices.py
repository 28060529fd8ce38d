"""What a device is called in the list of one's own: its browser and its system."""

from __future__ import annotations

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "华为浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Such as `Chrome · Android`; empty for a device that says nothing we know."""
    parts = []
    for known in (_BROWSERS, _SYSTEMS):
        parts += [word for mark, word in known if mark in user_agent[:400]][:1]
    return " · ".join(parts)
