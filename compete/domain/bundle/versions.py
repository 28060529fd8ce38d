"""Differences between the versions of the format, each said once.

A bundle names its version and keeps it: what was published under the first is
read by the first for ever.
"""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.types import Bundle, BundleFormat
from compete.domain.values.kinds import VetoRank


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The rules by which bundles of one version are read.

    `every_stage`: `pass_modules` asks for stages that were not reached, too.
    `code_decides`: among equals the lower code goes on, unsaid; else nobody is
    preferred. `short_sums`: a panel that adds up may be short of judges.
    `alike_codes`: codes may differ by case, width or blanks alone.
    `added_times`: tie keys may add up times of several modules. `next_attempts`: they may ask
    for the best attempt that does not count.
    """

    format: BundleFormat
    every_stage: bool
    code_decides: bool
    short_sums: bool
    alike_codes: bool
    vetoed_keep_rank: bool
    added_times: bool
    next_attempts: bool

    def veto_rank(self, labour: Labour) -> VetoRank:
        """The effect of a veto on a unit's rank."""
        return VetoRank.KEEP if self.vetoed_keep_rank else labour.veto_rank


VERSION_1 = Version(
    format="compete-bundle/1",
    every_stage=False,
    code_decides=True,
    short_sums=True,
    alike_codes=True,
    vetoed_keep_rank=True,
    added_times=False,
    next_attempts=False,
)
VERSION_2 = Version(
    format="compete-bundle/2",
    every_stage=True,
    code_decides=False,
    short_sums=False,
    alike_codes=False,
    vetoed_keep_rank=False,
    added_times=True,
    next_attempts=True,
)
VERSIONS = {version.format: version for version in (VERSION_1, VERSION_2)}
FORMATS: tuple[BundleFormat, ...] = get_args(BundleFormat)
NEWEST: BundleFormat = VERSION_2.format


def version_of(bundle: Bundle) -> Version:
    """The version by which the bundle is read; an unreadable format goes by the newest."""
    return version_of_format(bundle.format)


def version_of_format(written: Any) -> Version:
    """The version of a `format` as it stands in a file, the newest for any other."""
    known: dict[Any, Version] = {**VERSIONS}
    return known.get(written, VERSION_2) if isinstance(written, str) else VERSION_2
