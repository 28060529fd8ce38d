"""The people and organisations of the installation, and what of competitions points to them."""

from compete.services.directory.bringing_experts import (
    plan_experts,
    write_experts,
)
from compete.services.directory.circles import find_circles
from compete.services.directory.connecting import (
    connect_everybody,
    connect_people,
    let_go,
    others_under_number,
    phone_text,
)
from compete.services.directory.duplicates import (
    PossiblySame,
    keep_apart,
    merge_people,
    part_person,
    possibly_same,
    propose_again,
    said_to_be_others,
)
from compete.services.directory.expert_fields import FIELDS as EXPERT_FIELDS
from compete.services.directory.expert_fields import KINDS as EXPERT_KINDS
from compete.services.directory.expert_fields import LEVELS as EXPERT_LEVELS
from compete.services.directory.expert_fields import OTHER_HEADINGS as OTHER_EXPERT_HEADINGS
from compete.services.directory.expert_fields import days_away, days_text, fields_of_expert
from compete.services.directory.experts import MOST_ROWS as MOST_EXPERT_ROWS
from compete.services.directory.experts import (
    ExpertOrder,
    KnownExpertError,
    add_expert,
    change_expert,
    end_expert,
    experts_among,
    experts_named,
    find_expert,
    find_experts,
    may_change_expert,
)
from compete.services.directory.experts_back import last_expert_change, undo_expert
from compete.services.directory.forgetting import forget_people
from compete.services.directory.merged import same_people, standing
from compete.services.directory.organisations import (
    LONGEST_ORGANISATION,
    WrongCodeError,
    add_organisation,
    change_organisation,
    merge_organisations,
    move_organisation,
    part_organisation,
)
from compete.services.directory.own import own_competitions
from compete.services.directory.persons import (
    Part,
    find_person,
    find_persons,
    known_as,
    may_decide,
    merged_records,
    numbers_of_persons,
    parts_of,
    persons_listed,
    records_of_person,
)
from compete.services.directory.registered_grades import (
    HeldGrade,
    approved_grade,
    claim_grades,
    grades_held,
)
from compete.services.directory.sought_people import fill_person_keys, write_person_keys
from compete.services.directory.tree import (
    OrganisationLine,
    find_organisations,
    lines_above,
    may_change,
    merged_into,
    organisation_tree,
    organisations_by_number,
    organisations_called,
    path_to,
    places_for,
    records_of_organisation,
)
from compete.services.directory.unit_links import (
    UnitToConnect,
    connect_units,
    count_units_to_connect,
    disconnect_unit,
    unit_of_own,
    units_connected,
    units_to_connect,
)

__all__ = [
    "EXPERT_FIELDS",
    "EXPERT_KINDS",
    "EXPERT_LEVELS",
    "LONGEST_ORGANISATION",
    "MOST_EXPERT_ROWS",
    "OTHER_EXPERT_HEADINGS",
    "ExpertOrder",
    "HeldGrade",
    "KnownExpertError",
    "OrganisationLine",
    "Part",
    "PossiblySame",
    "UnitToConnect",
    "WrongCodeError",
    "add_expert",
    "add_organisation",
    "approved_grade",
    "change_expert",
    "change_organisation",
    "claim_grades",
    "connect_everybody",
    "connect_people",
    "connect_units",
    "count_units_to_connect",
    "days_away",
    "days_text",
    "disconnect_unit",
    "end_expert",
    "experts_among",
    "experts_named",
    "fields_of_expert",
    "fill_person_keys",
    "find_circles",
    "find_expert",
    "find_experts",
    "find_organisations",
    "find_person",
    "find_persons",
    "forget_people",
    "grades_held",
    "keep_apart",
    "known_as",
    "last_expert_change",
    "let_go",
    "lines_above",
    "may_change",
    "may_change_expert",
    "may_decide",
    "merge_organisations",
    "merge_people",
    "merged_into",
    "merged_records",
    "move_organisation",
    "numbers_of_persons",
    "organisation_tree",
    "organisations_by_number",
    "organisations_called",
    "others_under_number",
    "own_competitions",
    "part_organisation",
    "part_person",
    "parts_of",
    "path_to",
    "persons_listed",
    "phone_text",
    "places_for",
    "plan_experts",
    "possibly_same",
    "propose_again",
    "records_of_organisation",
    "records_of_person",
    "said_to_be_others",
    "same_people",
    "standing",
    "undo_expert",
    "unit_of_own",
    "units_connected",
    "units_to_connect",
    "write_experts",
    "write_person_keys",
]
