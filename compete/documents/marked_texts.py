"""Marked texts of questions for paper: pieces that a template sets, formulas among them.

A formula is TeX of what questions have: fractions, roots, raised and lowered signs, names of
signs. What is not known stands as it is written. Nothing of it becomes a part of a template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from compete.documents.portraits import sized_svg

Piece: TypeAlias = dict[str, Any]

_MARKS = re.compile(
    r"<(?P<raised>sub|sup)>(?P<inner>.*?)</(?P=raised)>|<math>(?P<formula>.*?)</math>"
    r'|<img name="(?P<picture>[^"]*)"/>|(?P<line>\n)',
    re.DOTALL,
)
_SIGNS: Mapping[str, str] = {
    **{"times": "×", "cdot": "·", "div": "÷", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥"},
    **{"geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "infty": "∞", "circ": "°"},
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "Delta": "Δ", "epsilon": "ε"},
    **{"eta": "η", "theta": "θ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ"},
    **{"tau": "τ", "phi": "φ", "varphi": "φ", "Phi": "Φ", "omega": "ω", "Omega": "Ω"},
    **{"sum": "∑", "Sigma": "∑", "rightarrow": "→", "to": "→", "angle": "∠", "perp": "⊥"},
    **{"sin": "sin", "cos": "cos", "tan": "tan", "lg": "lg", "ln": "ln", "log": "log"},
    **{"left": "", "right": "", "displaystyle": "", "quad": " ", ",": " ", ";": " ", " ": " "},
    **{"%": "%", "{": "{", "}": "}", "_": "_", "&": "&", "#": "#", "$": "$"},
}
_PLAIN = {"text", "mathrm", "mathbf", "mathit", "operatorname"}
_TOKENS = re.compile(r"\\([A-Za-z]+|.)|([{}^_\[\]])|(\s+)|([^\\{}^_\[\]\s]+)", re.DOTALL)
_DEEPEST = 12
_WIDEST_MM, _MM_OF_PIXEL = 110, 25.4 / 150
_NO_PICTURES: Mapping[str, Piece] = {}


def pieces_of(text: str, pictures: Mapping[str, Piece] = _NO_PICTURES) -> list[Piece]:
    """The pieces of a marked text: `t` a text, `k` what it is, `of` what stands in it.

    A picture is set as `printed_picture` has it; of one that is not there its name.
    """
    pieces: list[Piece] = []
    end = 0
    for mark in _MARKS.finditer(text):
        _add(pieces, text[end : mark.start()])
        end = mark.end()
        if mark["raised"]:
            pieces.append({"k": mark["raised"], "of": _texts(mark["inner"])})
        elif mark["formula"] is not None:
            pieces += _Formula(_unescaped(mark["formula"])).pieces()
        elif mark["picture"] is not None:
            name = _unescaped(mark["picture"])
            pieces.append({"k": "img", "t": name, "svg": "", **pictures.get(name, {})})
        else:
            pieces.append({"k": "br"})
    _add(pieces, text[end:])
    return pieces


def printed_picture(jpeg: bytes) -> Piece:
    """A picture as a template sets it: no wider than a column, no larger than it is."""
    svg, width = sized_svg(jpeg)
    return {"svg": svg, "wide": min(_WIDEST_MM, width * _MM_OF_PIXEL)}


class _Formula:
    def __init__(self, formula: str) -> None:
        self._tokens = [it for it in _TOKENS.finditer(formula) if it[3] is None]
        self._at = 0

    def pieces(self, until: str = "", depth: int = 0) -> list[Piece]:
        """The pieces up to a closing sign, or to the end."""
        made: list[Piece] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if until and token[2] == until:
                self._at += 1
                break
            made += self._next(depth)
        return made

    def _next(self, depth: int) -> list[Piece]:
        token = self._tokens[self._at]
        self._at += 1
        name, sign, words = token[1], token[2], token[4]
        if words is not None:
            return _texts(words)
        if name is not None:
            return self._command(name, depth)
        if sign in ("^", "_"):
            return [{"k": "sup" if sign == "^" else "sub", "of": self._argument(depth)}]
        if sign == "{" and depth < _DEEPEST:
            return self.pieces("}", depth + 1)
        return _texts(sign) if sign in ("[", "]") else []

    def _command(self, name: str, depth: int) -> list[Piece]:
        if name in ("frac", "dfrac", "tfrac"):
            over, under = self._argument(depth), self._argument(depth)
            return [{"k": "frac", "of": over, "under": under}]
        if name == "sqrt":
            degree: list[Piece] = []
            if self._at < len(self._tokens) and self._tokens[self._at][2] == "[":
                self._at += 1
                degree = self.pieces("]", depth + 1)
            raised = [{"k": "sup", "of": degree}] if degree else []
            return [*raised, {"k": "root", "of": self._argument(depth)}]
        if name in _PLAIN:
            return self._argument(depth)
        return _texts(_SIGNS.get(name, name))

    def _argument(self, depth: int) -> list[Piece]:
        """What stands in braces, or the next sign alone."""
        if self._at >= len(self._tokens):
            return []
        token = self._tokens[self._at]
        if token[4] is not None and len(token[4]) > 1:
            rest = _TOKENS.match(token[4][1:])
            assert rest is not None
            self._tokens[self._at] = rest
            return _texts(token[4][0])
        if depth >= _DEEPEST:
            self._at += 1
            return []
        return self._next(depth + 1)


def _add(pieces: list[Piece], text: str) -> None:
    pieces += _texts(_unescaped(text))


def _texts(text: str) -> list[Piece]:
    return [{"k": "", "t": text}] if text else []


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&amp;", "&")
