"""Voices: every way in which one person can mark, agree, sign or publish as another.

`VOICES` says of each under which act of `BENDS` everybody reads of it: in the published file, on
the page, on the notice and in `compete audit`. What cannot be done, or speaks for nobody else,
stands in `REFUSED` with why. Whoever makes another way in adds it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VOICES: Mapping[str, str] = MappingProxyType(
    {
        "a judge's code or card is renewed, and the PIN with it": "way_in.renew",
        "a new password is set by a link that somebody made": "way_in.renew",
        "an account is joined to the firm's sign-in by somebody's link": "way_in.renew",
        "a link of a department of a labour competition is made again": "way_in.renew",
        "whoever scans a renewed code writes another name": "judge.named",
        "the name beside a judge's marks is corrected": "judge.correct",
        "another judge takes the seats and sheets": "judge.replace",
        "an official of one's own is added once judging has begun": "judge.add",
        "officials of one's own are added by a workbook": "judges.import",
        "an account of one's own becomes an organiser": "role.grant",
        "a role that was taken back is given again": "role.grant",
        "a role is taken back, so that another may have it": "role.revoke",
        "marks are typed in the judges' names": "marks.typed",
        "marks are entered from paper in the judges' names": "paper.settle",
        "marks that a tablet could not send are brought by somebody else": "acts.hand_over",
        "two accounts on one device": "device.shared",
        "the second of two says by PIN or password to be there": "second.present",
        "the second of two signs on paper": "second.paper",
    }
)
"""By what is done: the act by which the public sees it."""

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "a unit's contact link is made again": "it speaks for its unit alone",
        "a file that no tablet proves": "counts as one reading of paper (`paper.settle`)",
        "a card whose PIN is set": "opens nothing without it, and five wrong tries lock it",
        "one person with two accounts agrees to the own proposal": "`accounts.second_persons`",
    }
)
"""What is no voice of another, or told under another act; why."""
