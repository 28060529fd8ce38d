"""The whole of a series as a file that `compete series` reads."""

from __future__ import annotations

from compete.domain.bundle.results import write_results
from compete.domain.values.messages import msg
from compete.models import Account, Series
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.series.berths import berths_of, whole_series
from compete.services.series.series_rights import require_keeper, runs_node


def take_out_series(series: Series, by: Account) -> bytes:
    """The series as a file, for who keeps it and runs whatever people are put forward from.

    That it was taken is on record: it says who people are.
    """
    require_keeper(by, series)
    for berth in berths_of(series):
        if not runs_node(by, berth.source):
            words = msg("“%(name)s”不归您办，里面有它的名单，请管理员取", name=berth.source.name)
            raise Refused(words, kind=Refusal.FORBIDDEN)
    file = whole_series(series).file
    with unit_of_work():
        audit.claim_chain(None)
        after = {"nodes": len(file.nodes), "people": len(file.people)}
        audit.record(None, by, "series.file", series.name, after=after)
    return write_results(file)
