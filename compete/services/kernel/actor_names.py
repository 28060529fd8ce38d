"""Actor names: the doer in a record, for the reader: records keep the words in Chinese."""

from __future__ import annotations

from compete.domain.values.messages import Message, msg
from compete.services.kernel.audit import SYSTEM


def signer_words(actor: str) -> Message:
    """Say in any language what `audit.signer` wrote; a plain name stays as it is."""
    if actor == "系统":
        return msg("系统")
    if actor.startswith(SYSTEM):
        return msg("接口 %(name)s", name=actor.removeprefix(SYSTEM))
    name, paper, hands_in = actor.rpartition("（签字件，")
    if paper and hands_in.endswith("交）"):
        return msg(
            "%(name)s（签字件，%(who)s交）",
            name=signer_words(name),
            who=hands_in.removesuffix("交）"),
        )
    name, handled, way = actor.rpartition("（凭")
    for ending, text in (
        ("发的卡）", "%(name)s（凭%(who)s发的卡）"),
        ("发的链接）", "%(name)s（凭%(who)s发的链接）"),
    ):
        if handled and way.endswith(ending):
            return msg(text, name=name, who=way.removesuffix(ending))
    return msg("%(name)s", name=actor)
