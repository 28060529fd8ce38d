"""YAML that our own reader reads as the same values."""

from typing import Any

import yaml

from compete.domain.bundle.reader.yaml_tree import plain_value


class _Dumper(yaml.SafeDumper):
    """A dumper that quotes a text wherever it would be something else without quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    is_safe = isinstance(plain_value(text), str) and text.isprintable()
    style = None if is_safe else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def yaml_text(tree: Any) -> bytes:
    """The tree as YAML in block style, in UTF-8."""
    text: bytes = yaml.dump(
        tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, encoding="utf-8", width=100
    )
    return text
