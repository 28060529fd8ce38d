"""The desk: pages of organisers, chief judges and supervisors, a folder for each family of them.

In a folder `views.py` answers the pages' addresses, `view_model.py` puts
what they show into words and figures, and `shapes.py` says of what types that is.
"""

# ruff: noqa: F401  (views hang themselves on the blueprint when they are loaded)
import compete.web.organiser.accidents.views
import compete.web.organiser.accounts.views
import compete.web.organiser.analysis.views
import compete.web.organiser.appeals.book
import compete.web.organiser.appeals.views
import compete.web.organiser.applications.views
import compete.web.organiser.arrivals.views
import compete.web.organiser.award_words.views
import compete.web.organiser.awards.views
import compete.web.organiser.calendar.views
import compete.web.organiser.certificates.bodies
import compete.web.organiser.certificates.register_lists
import compete.web.organiser.certificates.views
import compete.web.organiser.claims.examinee
import compete.web.organiser.claims.views
import compete.web.organiser.coding.views
import compete.web.organiser.confirming.stages
import compete.web.organiser.confirming.views
import compete.web.organiser.consequences.views
import compete.web.organiser.deadlines.views
import compete.web.organiser.decisions.views
import compete.web.organiser.departments.views
import compete.web.organiser.details.moving
import compete.web.organiser.details.sessions
import compete.web.organiser.details.views
import compete.web.organiser.distinctions.views
import compete.web.organiser.draws.hall_views
import compete.web.organiser.draws.paper_views
import compete.web.organiser.draws.views
import compete.web.organiser.entrants.views
import compete.web.organiser.entry_conditions.views
import compete.web.organiser.erasure.views
import compete.web.organiser.event_changes.views
import compete.web.organiser.events.views
import compete.web.organiser.experts.views
import compete.web.organiser.file_version.views
import compete.web.organiser.floor.stops
import compete.web.organiser.floor.views
import compete.web.organiser.hall.views
import compete.web.organiser.head_counts.views
import compete.web.organiser.honours.views
import compete.web.organiser.jobs.views
import compete.web.organiser.judges.bringing
import compete.web.organiser.judges.card
import compete.web.organiser.judges.correcting
import compete.web.organiser.judges.replacing
import compete.web.organiser.judges.views
import compete.web.organiser.labour.views
import compete.web.organiser.labour_changes.views
import compete.web.organiser.labour_form.views
import compete.web.organiser.labour_rules.views
import compete.web.organiser.ladders.conditions
import compete.web.organiser.ladders.views
import compete.web.organiser.months.views
import compete.web.organiser.new_competition.views
import compete.web.organiser.occupations.views
import compete.web.organiser.offline_package.views
import compete.web.organiser.organisations.views
import compete.web.organiser.overview.record_book
import compete.web.organiser.overview.views
import compete.web.organiser.panel.views
import compete.web.organiser.paper.views
import compete.web.organiser.people.views
import compete.web.organiser.person.badges
import compete.web.organiser.person.consenting
import compete.web.organiser.person.correcting
import compete.web.organiser.person.exempting
import compete.web.organiser.person.moving
import compete.web.organiser.person.portrait
import compete.web.organiser.person.sittings
import compete.web.organiser.person.views
import compete.web.organiser.person.withdrawing
import compete.web.organiser.portraits.views
import compete.web.organiser.prize_money.views
import compete.web.organiser.progress.views
import compete.web.organiser.putting_away.views
import compete.web.organiser.recheck.views
import compete.web.organiser.recusals.views
import compete.web.organiser.registration.adding
import compete.web.organiser.registration.views
import compete.web.organiser.results.views
import compete.web.organiser.review.views
import compete.web.organiser.rule_changes.views
import compete.web.organiser.safe_days.views
import compete.web.organiser.seating.settling
import compete.web.organiser.seating.views
import compete.web.organiser.second_look.views
import compete.web.organiser.second_person.views
import compete.web.organiser.self_entry.views
import compete.web.organiser.set_up.places
import compete.web.organiser.set_up.views
import compete.web.organiser.sheets.photos
import compete.web.organiser.sheets.views
import compete.web.organiser.standings.views
import compete.web.organiser.ties.views
import compete.web.organiser.units.link
import compete.web.organiser.units.views
import compete.web.organiser.verdicts.views
from compete.web.organiser.blueprint import face

__all__ = ["face"]
