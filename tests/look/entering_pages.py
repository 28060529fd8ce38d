"""The pages of who takes part: units' own, applications, self-entry, photos, one person."""

from __future__ import annotations

from tests.look import application_samples as handed_in
from tests.look import person_samples as person
from tests.look import portrait_samples as portraits
from tests.look import self_entry_samples as entering
from tests.look import unit_samples as unit
from tests.look.look import BOTH, Look

ENTERING_PAGES = [
    Look("unit-home", "unit/home.html", unit.home, ("desk", "wide", "phone"), BOTH),
    Look("unit-home-closed", "unit/home.html", unit.home_closed, ("phone",)),
    Look("unit-photo", "unit/photo.html", portraits.of_unit, ("desk", "phone")),
    Look("photos", "organiser/portraits/upload.html", portraits.chosen, ("desk", "phone")),
    Look(
        "photos-preview",
        "organiser/portraits/preview.html",
        portraits.preview,
        ("desk", "wide", "phone"),
    ),
    Look("unit-person", "unit/person.html", unit.person, ("desk", "phone")),
    Look("entrant-add", "organiser/registration/add.html", unit.added, ("desk", "phone")),
    Look(
        "applications",
        "organiser/applications/applications.html",
        handed_in.applications,
        ("desk", "wide", "phone"),
    ),
    Look(
        "conditions",
        "organiser/entry_conditions/conditions.html",
        unit.conditions,
        ("desk", "wide", "phone"),
    ),
    Look(
        "self-entry",
        "organiser/self_entry/self_entry.html",
        entering.switched_on,
        ("desk", "wide", "phone"),
        BOTH,
    ),
    Look(
        "own-new-link", "organiser/self_entry/new_link.html", entering.new_link, ("desk", "phone")
    ),
    Look("self-entry-off", "organiser/self_entry/self_entry.html", entering.switched_off),
    Look("enter", "public/enter.html", entering.enter, ("phone", "small"), BOTH),
    Look("enter-wrong", "public/enter.html", entering.enter_wrong, ("phone", "small")),
    Look("enter-closed", "public/enter.html", entering.enter_closed, ("phone",)),
    Look("own-entry", "public/own_entry.html", entering.handed_in, ("phone", "small"), BOTH),
    Look("own-entry-returned", "public/own_entry.html", entering.returned, ("phone",)),
    Look("own-entry-waiting", "public/own_entry.html", entering.waiting, ("phone",)),
    Look("own-entry-accepted", "public/own_entry.html", entering.accepted, ("phone",)),
    Look("no-entry", "public/no_entry.html", entering.nothing, ("phone",)),
    Look("unit-link", "organiser/units/link.html", unit.link, ("desk", "phone")),
    Look("all-links", "organiser/units/links.html", unit.links, ("desk", "phone")),
    Look("person", "organiser/person/person.html", person.person, ("desk", "wide", "phone"), BOTH),
    Look(
        "person-correct", "organiser/person/correct.html", person.correct, ("desk", "phone"), BOTH
    ),
    Look("person-long", "organiser/person/person.html", person.person_long, ("desk", "phone")),
]
