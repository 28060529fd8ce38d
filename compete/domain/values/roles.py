"""Roles of a person in a competition."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values.kinds import CrewRole
from compete.domain.values.messages import Message, msg


class Role(StrEnum):
    """Roles of one competition; its file names those that are officials alone."""

    ORGANISER = "organiser"
    CHIEF = "chief"
    JUDGE = "judge"
    CODER = "coder"
    RECORDER = "recorder"
    SUPERVISOR = "supervisor"
    REGISTRAR = "registrar"
    OFFICE = "office"
    RESULTS = "results"
    OBSERVER = "observer"
    CLERK = "clerk"
    CONTACT = "contact"
    ARBITER = "arbiter"
    HEAD_ARBITER = "head_arbiter"


ROLE_WORDS: Mapping[Role, Message] = {
    Role.ORGANISER: msg("组委会"),
    Role.CHIEF: msg("裁判长"),
    Role.JUDGE: msg("裁判"),
    Role.CODER: msg("加密裁判"),
    Role.RECORDER: msg("记分员"),
    Role.SUPERVISOR: msg("监督"),
    Role.REGISTRAR: msg("报名员"),
    Role.OFFICE: msg("赛务员"),
    Role.RESULTS: msg("成绩员"),
    Role.OBSERVER: msg("观察员"),
    Role.CLERK: msg("检录员"),
    Role.CONTACT: msg("单位联系人"),
    Role.ARBITER: msg("仲裁"),
    Role.HEAD_ARBITER: msg("总仲裁"),
}


class BankRole(StrEnum):
    """Roles in a question bank, which belongs to no competition."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    ASSEMBLER = "assembler"
    KEEPER = "keeper"


BANK_ROLE_WORDS: Mapping[BankRole, Message] = {
    BankRole.AUTHOR: msg("命题"),
    BankRole.REVIEWER: msg("审题"),
    BankRole.ASSEMBLER: msg("组卷"),
    BankRole.KEEPER: msg("保密"),
}

CREW_ROLE_WORDS: Mapping[CrewRole, Message] = {
    CrewRole.MAIN: msg("主选手"),
    CrewRole.ASSISTANT: msg("辅助选手"),
}

SCORING_ROLES = frozenset({Role.CHIEF, Role.JUDGE})

ARBITERS = frozenset({Role.ARBITER, Role.HEAD_ARBITER})

MARKING_ROLES = SCORING_ROLES - {Role.CHIEF}
"""Roles that mark and have no desk."""

WATCHERS = frozenset({Role.RESULTS, Role.OBSERVER})
"""Roles that read and print what they may see, and act nowhere."""

AT_DESKS = frozenset({Role.ORGANISER, Role.REGISTRAR, Role.OFFICE, *WATCHERS})
"""Roles of a competition's desk, taken up by a link with a user name and a password."""
