"""Sealed columns: each column's protection against edits behind the program's back.

One line for each table. A column is `sealed` (a row seal over it, see
`row_seals`), `batched` (judges' acts: sealed by the batch, see `sheets.act_seals`),
`chained` (the audit chain and the seals it vouches for), or open, with the
reason why nobody gains by changing it. A column that stands nowhere fails
`tests/services/kernel/test_sealed_columns.py`: decide, then write it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from compete.domain.registration_columns import BACKGROUND, OF_EVALUATIONS


class Protection(Enum):
    """The protection of a column: what `compete verify` compares it with."""

    SEALED = "sealed"
    BATCHED = "batched"
    CHAINED = "chained"


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table's columns: how `protected` ones are checked, why `open` ones need not be."""

    protection: Protection
    protected: frozenset[str]
    open: Mapping[str, str] = field(default_factory=dict)


def _names(columns: str) -> frozenset[str]:
    return frozenset(columns.split())


def _sealed(columns: str, *more: str, **open_: str) -> SealedTable:
    return SealedTable(Protection.SEALED, frozenset((*columns.split(), *more)), open_)


def _open(why: str, columns: str) -> SealedTable:
    return SealedTable(Protection.SEALED, frozenset(), dict.fromkeys(columns.split(), why))


_TRIES = "counts wrong tries and goes back to 0 by itself; the limit is told in the chain"
_SOUGHT = "follows name or number, which are sealed; a changed one only hides somebody in a search"
_DRAFT = "a draft: what it writes is sealed where it is written"
_JOB = (
    "what was asked is under a keyed digest that is checked before it is done; what was done is"
    " sealed where it was written"
)
_PRINTED = (
    "a paper for who asked for it, gone within the hour: its bytes carry their own seal, and what"
    " it says stands sealed in the tables that it was printed from"
)
_STORED = "what is handed out, and of what it is, stands under the seal of `content`"
_LOG = (
    "the signed checkpoints say what it is, and `compete verify` derives each leaf anew from the"
    " chain that it tells of"
)
_GIVEN = "what calendars elsewhere were last given; the dates themselves stand in the plan"
_GOES_OUT = (
    "what another system or person was told; it carries no result, and the chain and the versions"
    " say what is so"
)
_FAILING = "moves with each try; what it leads to, stopping, is sealed and told"
_RECKONED = "follows rules and acts, which are sealed, and is reckoned anew from them at any time"
_SHOWN = "what a wall shows for a moment; results are published from the marks"

TABLES: Mapping[str, SealedTable] = {
    "account": _sealed(
        "id name username password_hash pin_hash is_admin active session_epoch created_at"
        " erased_at",
        pin_tries=_TRIES,
        second_factor_due="when the desk asks for a second factor; adding one empties it",
        language="in which language a person reads",
        mail="where messages go that carry no result; a changed one lets nobody in",
    ),
    "act": SealedTable(
        Protection.BATCHED,
        _names(
            "id uuid sheet_id judge_id kind aspect value note said_at tablet tablet_seq "
            "held_at extra prints"
        ),
    ),
    "admission": _sealed("id entrant_id basis made_by made_at ended_by ended_at"),
    "api_answer": _open(
        "says for a day what a request was answered; what it made is sealed where it was written",
        "id token_id key_hash digest content made_at",
    ),
    "api_token": _sealed(
        "id account_id name key_hash scopes competitions made_at expires_at revoked_at",
        used_at="moves with use; what a token does is on record itself",
        used_from="moves with use",
    ),
    "appeal": _sealed(
        "id public_id uuid competition_id entrant_id number stage module aspect kind matter state"
        " filed_by filed_at filing_until answer_by second_until second_at second_why second_by"
        " withdrawn_at carried_at carried_by carried_how"
    ),
    "appeal_decision": _sealed(
        "id appeal_id instance outcome value orders reason marks made_by made_at agreed_by"
        " stood_at dropped_at"
    ),
    "appeal_evidence": _sealed("id appeal_id words photo sha256 media added_by added_at"),
    "applicant_document": _sealed(
        "id public_id competition_id entrant_id application_id kind file file_key sha256 media size"
        " source made_by made_at state reason until decided_by decided_at"
    ),
    "application": _sealed(
        "id public_id competition_id unit_id event_id name id_hash cells state version made_by"
        " made_at changed_at submitted_at decided_by decided_at reason entrant_id by_person"
        " link_hash confirmed_by confirmed_at"
    ),
    "assignment": _sealed("id event_id stage module judge_id station timekeeper"),
    "audit_entry": SealedTable(
        Protection.CHAINED,
        _names(
            "competition_id seq at actor_id actor action subject before after reason rows "
            "prev_hash hash form"
        ),
        {"id": "records are read in the order of `seq`"},
    ),
    "attendance": _sealed(
        "id scheme_id person_id course day hours made_by made_at ended_by ended_at"
    ),
    "blind_code": _sealed("id event_id entrant_id layer code drawn_at"),
    "bank_part": _sealed("id bank_id account_id role made_by made_at ended_by ended_at"),
    "bank_request": _sealed(
        "id bank_id kind paper_id question_id form opens_at reason asked_by asked_at agreed_by"
        " agreed_at ended_at"
    ),
    "board_snapshot": _open(_SHOWN, "id board_id purpose version content taken_at"),
    "card_handling": _sealed("id account_id by_id how at"),
    "delivery": _open(
        _GOES_OUT,
        "id public_id receiver webhook_id competition_id kind content state made_at due_at ended_at"
        " attempt tries address_id person about mark once words until why",
    ),
    "device_use": _sealed("id account_id device kind at"),
    "mentor_note": _sealed(
        "id mentorship_id by day text hours made_by made_at ended_by ended_at ended_why"
    ),
    "mentor_rules": _sealed("id organisation_id rules made_by made_at"),
    "mentorship": _sealed(
        "id organisation_id mentor_id mentor_unit mentor_grade pupil_id pupil_unit occupation"
        " target_grade starts until aims document why state outcome ended_on ended_why made_by"
        " made_at ended_by ended_at"
    ),
    "nomination": _sealed("id berth_id person step day reason application made_by made_at"),
    "outside_result": _sealed(
        "id competition_id person_id name contest host level day event rank entered honours"
        " document entered_by entered_at agreed_by agreed_at dropped_at replaces_id drop_asked_by"
        " drop_asked_at drop_why dropped_by"
    ),
    "oversight_report": _sealed(
        "id public_id competition_id day session room_id text photos file_key made_by made_at"
        " erased_at"
    ),
    "pay_rule": _sealed(
        "id scheme_id merit grade honour level amount basis start first last document made_by"
        " made_at"
    ),
    "point_consent": _sealed("id person_id made_at ended_at"),
    "point_entry": _open(_RECKONED, "id rule_id person_id source_key points day made_at ended_at"),
    "point_rule": _sealed(
        "id scheme_id source match points by_hours cap months first last made_by made_at"
    ),
    "presence": _sealed("id competition_id account_id at"),
    "reward_list": _sealed("id scheme_id month lines people amount made_by made_at"),
    "reward_scheme": _sealed(
        "id organisation_id keeper_id made_by made_at",
        reckoned_at="moves with each reckoning of points, which is done anew at any time",
    ),
    "series": _sealed("id name year organiser level made_by made_at"),
    "series_berth": _sealed(
        "id series_id from_node_id event to_node_id to_event places per_unit substitutes ties"
        " conditions begun made_by made_at"
    ),
    "series_node": _sealed(
        "id series_id parent_id name level organiser organisation_id competition_id made_by made_at"
    ),
    "series_reminder": _sealed("id node_id made_by made_at"),
    "series_settled": _sealed("id berth_id people method made_by made_at"),
    "session_report": _sealed(
        "id node_id sessions people examined passed day told_by replaces_id made_by made_at"
    ),
    "signed_paper": _sealed(
        "id competition_id act what first_id second_id photo made_at due_at countersigned_by"
        " countersigned_at"
    ),
    "calendar_date": _open(
        _GIVEN, "id competition_id owner key sequence content cancelled changed_at"
    ),
    "certificate": _sealed(
        "id kind number token_hash token competition_id entrant_id member_id team_id body_id"
        " subject face id_number issued_on issued_at state revoked_at revoke_reason prize place"
        " replaces_id replaced_why distinction_id claim_id"
    ),
    "certificate_sum": _open(
        "counted from the certificates, which are sealed, and shown as sums alone",
        "id competition_id kind day n",
    ),
    "check_in": _sealed(
        "id uuid competition_id entrant_id stage session module day kind undoes items compared seen"
        " without note account_id tablet said_at received_at"
    ),
    "claim_document": _sealed("id competition_id document media sha256 made_by made_at"),
    "competition": _sealed(
        "id code format name kind level year starts ends host series venue state labour settings"
        " extra loading created_at"
    ),
    "consent": _sealed("id competition_id entrant_id member_id given source note made_by made_at"),
    "consequence": _sealed(
        "id competition_id publication_id kind certificate_id entrant_id member_id team_id was now"
        " why state"
        " made_at settled_by settled_at reason agreed_by agreed_at earlier"
    ),
    "contact": _open(
        "when a tablet was last heard of, nothing more", "id judge_id heard_at waiting"
    ),
    "credential": _sealed("id certificate_id key_id status_list place document token made_at"),
    "decision": _sealed(
        "id competition_id entrant_id stage module kind points seconds reason evidence photo state"
        " proposed_by proposed_at confirmed_by confirmed_at ended_by ended_at ended_why outcome_id"
        " penalty_id"
    ),
    "distinction": _sealed(
        "id competition_id event_id kind title unit_id judge_id entrant_id member_id name"
        " new_name holder full_name basis reason state proposed_by proposed_at agreed_by"
        " agreed_at asked_by asked_at asked_why ended_by ended_at ended_why"
    ),
    "dossier": _sealed(
        "id competition_id number file file_key sha256 manifest size files records made_by made_at"
        " erased_at"
    ),
    "draw_ceremony": _sealed(
        "id competition_id event_id stage module layer name number before people places times rule"
        " state head openings file made_by made_at head_at openings_at drawn_at ended_at ended_by"
        " ended_why agreed_by"
    ),
    "draw_share": _sealed(
        "id competition_id ceremony_id name spare seal sealed_at share key kept opened_at"
        " refused_at refused_why"
    ),
    "entrant": _sealed(
        "id competition_id event_id unit_id team_id person_id code name name_key id_type id_number"
        " id_hash"
        " group_name grade promoted phone gender birth post months certificate trade carried resit"
        " extra badge_hash badge_token badge_shared registered_at erased_at",
        *BACKGROUND,
        spoken=_SOUGHT,
        initials=_SOUGHT,
        id_tail=_SOUGHT,
    ),
    "erasure": _sealed(
        "id competition_id entrant_id member_id reason asked_by asked_at agreed people answer"
        " ended_by ended_at examinee_id"
    ),
    "event": _sealed("id competition_id code name blind"),
    "exam_paper": _sealed(
        "id bank_id table_id is_met content sha256 made_by made_at used_on used_by"
    ),
    "exam_act": _sealed(
        "id uuid sitting_id device number kind item value said_at held_at clock_at clock_number"
    ),
    "exam_device": _sealed(
        "id sitting_id device token_hash from_at clock_at ended_at",
        heard_at="when a device was last heard of, nothing more",
        waiting="how many acts a device says it still keeps",
    ),
    "exam_essay": _sealed(
        "id public_id examination_id sitting_id question answer made_at ended_at"
    ),
    "exam_grant": _sealed("id room_id sitting_id seconds reason made_by made_at"),
    "exam_key": _sealed(
        "id competition_id examination_id question content reason state asked_by asked_at agreed_by"
        " agreed_at ended_at"
    ),
    "exam_mark": _sealed("id essay_id judge_id points made_by made_at"),
    "exam_marker": _sealed("id examination_id judge_id made_by made_at ended_by ended_at"),
    "exam_room": _sealed(
        "id examination_id session station code opened_by opened_at started_by started_at closed_by"
        " closed_at"
    ),
    "exam_sitting": _sealed(
        "id public_id examination_id room_id entrant_id blind form seat state starts_at ends_at"
        " handed_in_at handed_in_device handed_in_number let_in void_reason"
    ),
    "examination": _sealed(
        "id competition_id event_id stage module paper_id rules content papers paper_keys"
        " file_sha256 made_by made_at marked_by marked_at forms essays_at ended_by ended_at"
    ),
    "examinee": _sealed(
        "id competition_id person_id code name id_type id_number id_hash unit_name gender grade"
        " certificate photo made_at erased_at"
    ),
    "exemption": _sealed(
        "id entrant_id member_id rule reason made_by made_at agreed_by agreed_at ended_by ended_at"
    ),
    "expert": _sealed(
        "id person_id kind unit unit_key occupation level certificate valid_until days note made_by"
        " made_at ended_by ended_at"
    ),
    "fee": _sealed("id entrant_id cents is_paid entered_by entered_at"),
    "feed_entry": _open(
        "what systems elsewhere were told; the chain and the versions say what is so",
        "id competition_id open number kind subject seq at data",
    ),
    "field_record": _sealed(
        "id competition_id entrant_id judge_id stage module content sha256 drawing signed_at"
        " superseded_at"
    ),
    "firm_identity": _sealed("id account_id issuer subject made_at ended_at"),
    "firm_sign_out": _open(
        "which logout tokens were taken, for an hour; what they ended is on record itself",
        "id token_hash at",
    ),
    "former_key": _sealed("id form look_up value next_value reason begun_at done_at"),
    "generation": _open(
        "a changed one only makes tablets offer again what they keep", "id name since restored_from"
    ),
    "grade_decision": _sealed(
        "id event_id entrant_id member_id grade held rule rank reasons state asked_by asked_at"
        " decided_by decided_at decision_reason"
    ),
    "grade_claim": _sealed(
        "id competition_id event_id entrant_id member_id holder ground clause grade present_grade"
        " facts document_id state proposed_by proposed_at notice_from notice_until decided_by"
        " decided_at decision_reason examinee_id occupation theory practice review assessed_on"
    ),
    "hall_board": _open(
        _SHOWN,
        "id event_id token_hash token switched_on delay_seconds places stations phase opens_at"
        " revealed opened_at",
    ),
    "honour_approval": _sealed(
        "id competition_id event_id title body approved people number dated document media sha256"
        " reason made_by made_at"
    ),
    "import_batch": _open(
        _DRAFT,
        "id competition_id unit_id filename content state made_by made_at done_at large summary"
        " written place answers heads",
    ),
    "remembered_columns": _open(_DRAFT, "id kind heads columns made_by made_at"),
    "import_row": _open(_DRAFT, "id batch_id number status rank place code id_key mark content"),
    "invitation": _sealed(
        "id token_hash name is_admin role competition_id account_id by_id made_at expires_at"
        " used_at cancelled_at"
    ),
    "issuer_key": _sealed("id name public_key private_key since retired_at withdrawn_at"),
    "issuing_body": _sealed("id name kind body_code province site codes phone scope"),
    "job": _open(
        _JOB,
        "id public_id competition_id kind what arguments private made_by made_at seal state tries"
        " done total step kept result error begun_at ended_at stopped_by",
    ),
    "judge": _sealed("id competition_id code name unit_id person_id role extra"),
    "judge_tie": _sealed(
        "id competition_id judge_id entrant_id unit_id kind year note made_by made_at ended_by"
        " ended_at"
    ),
    "key_check": _open("a changed one only keeps the program from starting", "id name value since"),
    "labour_accident": _sealed(
        "id competition_id unit_id period happened uuid text filename document media sha256 size"
        " state reported_by reported_at correction_id refused_by refused_at refused_why ended_by"
        " ended_at erased_at"
    ),
    "labour_adjustment": _sealed("id unit_id period points reason extra made_at"),
    "labour_department": _sealed("id competition_id name indicators reason_over made_at"),
    "labour_finding": _sealed(
        "id look_id unit_id indicator result value target found found_target reason correction_id"
        " made_by made_at"
    ),
    "labour_head_count": _sealed("id competition_id unit_id period people said_by said_at"),
    "labour_look": _sealed(
        "id competition_id period share least seed seed_from pool drawn drawn_by drawn_at"
    ),
    "labour_note": _sealed(
        "id unit_id period indicator uuid own text filename document media sha256 size made_by"
        " made_at withdrawn_by withdrawn_at withdrawn_why erased_at"
    ),
    "labour_reminder": _sealed(
        "id competition_id period unit_id department_id lacking made_by made_at"
    ),
    "labour_rule_change": _sealed(
        "id competition_id was wanted sha256 starts reason state number moves asked_by asked_at"
        " ended_by ended_at ended_why"
    ),
    "labour_sign_off": _sealed(
        "id department_id period units cells sha256 signed_by signed_at withdrawn_by withdrawn_at"
        " withdrawn_why"
    ),
    "labour_value": _sealed(
        "id unit_id period indicator value target extra made_at uuid source text reason made_by"
        " said_at"
    ),
    "labour_veto": _sealed(
        "id unit_id period reason extra made_at lifted_at lifted_why lifted_with"
    ),
    "lock_entry": _sealed(
        "id competition_id event_id stage module session version sheets sha256 locked_by locked_at"
        " asked_by asked_at asked_why unlocked_by unlocked_at"
    ),
    "log_checkpoint": _open(_LOG, "id size root note reached made_at"),
    "log_leaf": _open(_LOG, "id number competition_id seq part content"),
    "log_tile": _open(_LOG, "id level number content"),
    "message_address": _open(
        _GOES_OUT,
        "id channel address address_hash competition_id name off_token made_at off_at dead_at",
    ),
    "member": _sealed(
        "id competition_id entrant_id person_id position code name role id_type id_number id_hash"
        " group_name grade promoted phone gender birth post months certificate extra badge_hash"
        " badge_token erased_at",
        *(key for key in BACKGROUND if key not in OF_EVALUATIONS),
        spoken=_SOUGHT,
        initials=_SOUGHT,
        id_tail=_SOUGHT,
    ),
    "membership": _sealed("id account_id competition_id role judge_id unit_id department_id"),
    "number_series": _sealed("id series last"),
    "occupation": _sealed(
        "id code edition name tracks confidence flags newer note origin made_by made_at ended_by"
        " ended_at",
        name_key=_SOUGHT,
        words=_SOUGHT,
        spoken=_SOUGHT,
        initials=_SOUGHT,
    ),
    "organisation": _sealed(
        "id name name_key credit_code parent_id merged_into_id merged_by merged_at made_at stages"
    ),
    "grade_ladder": _sealed(
        "id key name organisation_id rungs note made_by made_at ended_by ended_at",
        name_key=_SOUGHT,
    ),
    "condition_edition": _sealed(
        "id key name lines note confirmed_by confirmed_at made_by made_at ended_by ended_at",
        name_key=_SOUGHT,
    ),
    "outcome_entry": _sealed("id entrant_id stage module status reason extra made_at withdrawn_at"),
    "paper_draw": _sealed(
        "id competition_id event_id stage module drawn_on supervisor codes photo made_by made_at"
        " signed_by signed_as signed_at ended_at ended_by ended_why agreed_by"
    ),
    "paper_entry": _sealed(
        "id sheet_id account_id values signed package listed device read_at entered_at settled_at"
    ),
    "paper_table": _sealed("id bank_id code name content sha256 made_by made_at ended_at"),
    "penalty_entry": _sealed(
        "id entrant_id stage module points seconds reason extra made_at withdrawn_at"
    ),
    "period_correction": _sealed(
        "id competition_id unit_id period kind indicator points target reason state moves asked_by"
        " asked_at ended_by ended_at"
    ),
    "period_stand": _sealed(
        "id competition_id period state missing closed_by closed_at closed_why publication_id"
        " changed_at"
    ),
    "person": _sealed(
        "id name name_key id_type id_number id_hash phone_hash birth unit_name unit_key"
        " merged_into_id merged_by merged_at made_at",
        spoken=_SOUGHT,
        initials=_SOUGHT,
        id_tail=_SOUGHT,
    ),
    "person_link": _sealed(
        "id person_id link_hash link pin_hash entered_at made_by made_at ended_by ended_at"
        " ended_why",
        tries=_TRIES,
        missed=_TRIES,
        rest_until=_TRIES,
        entry_hash="moves with each entry; what can be seen by it stands sealed elsewhere",
        entry_until="moves with each entry",
    ),
    "person_share": _sealed(
        "id link_id token_hash token until made_at ended_at",
        looks="counts how often it was opened; nothing follows from it",
    ),
    "persons_apart": _sealed("id first_id second_id made_by made_at ended_by ended_at"),
    "playoff": _sealed(
        "id competition_id event_id stage kind order reason at extra state proposed_by proposed_at"
        " confirmed_by confirmed_at ended_by ended_at ended_why"
    ),
    "portrait": _sealed(
        "id competition_id entrant_id member_id application_id picture sha256 source made_by"
        " made_at"
    ),
    "portrait_file": _open(_DRAFT, "id upload_id name picture sha256 fault"),
    "portrait_upload": _open(_DRAFT, "id competition_id filename state made_by made_at done_at"),
    "practice": _sealed("id bank_id node_id link is_open made_by made_at"),
    "practice_day": _open(
        "how many sets were taken on a day: shown to a bank's people, and nothing follows from it",
        "id practice_id day sets",
    ),
    "printed_piece": _open(_PRINTED, "id job_id file piece content made_at"),
    "publication": _sealed(
        "id competition_id version bundle results rule_versions sha256 published_at published_by"
        " notice_until appeals_until withdrawn_at note names grades also_told erased periods sums"
    ),
    "question": _sealed(
        "id bank_id node_id code kind family pool state version extra made_by made_at",
        words="follows the last version, which is sealed; a changed one only hides it in a search",
    ),
    "question_bank": _sealed("id code name about sha256 brought_at made_by made_at"),
    "question_figure": _sealed(
        "id question_id examination_id version day paper people figures made_at"
    ),
    "question_look": _sealed("id bank_id account_id way questions at paper_id"),
    "question_picture": _sealed("id bank_id name sha256 file file_key size made_by made_at"),
    "question_review": _sealed("id version_id agrees note made_by made_at"),
    "question_use": _sealed("id question_id day paper"),
    "question_version": _sealed("id question_id number asked answer sha256 made_by made_at"),
    "recheck_entry": _sealed(
        "id round_id sheet_id why entered found entered_by entered_at ruling ruled_by ruled_at"
        " ruling_reason earlier"
    ),
    "recheck_round": _sealed(
        "id event_id stage seed seed_from top_share rest_share error_limit ranking drawn_at"
        " drawn_by forced_at"
    ),
    "replaced_badge": _sealed("id entrant_id member_id badge_hash reason replaced_by replaced_at"),
    "result_stand": _sealed(
        "id competition_id event_id state notice_from notice_until withdrawn_why asked_by asked_at"
        " asked_why changed_at"
    ),
    "revocation": _sealed(
        "id certificate_id again strike reason asked_by asked_at agreed ended_by ended_at"
    ),
    "recusal": _sealed(
        "id competition_id judge_id entrant_id unit_id sheets reason account_id made_at"
    ),
    "room": _sealed(
        "id name address places note made_by made_at ended_by ended_at", name_key=_SOUGHT
    ),
    "room_use": _sealed("id event_id stage module room_id starts_at ends_at"),
    "row_seal": SealedTable(
        Protection.CHAINED,
        _names("id competition_id table_name row_id columns gone"),
    ),
    "rule_change": _sealed(
        "id competition_id event_id base wanted sha256 reason state number moves asked_by asked_at"
        " chief_by chief_at supervisor_by supervisor_at ended_by ended_at ended_why"
    ),
    "rule_version": _sealed("id event_id number definition sha256 reason made_at"),
    "ruling": _sealed(
        "id competition_id entrant_id stage module aspect value before reason judge_id account_id"
        " ruled_at"
    ),
    "sheet": _sealed(
        "id public_id competition_id entrant_id judge_id stage module label state version"
        " return_reason submitted_at",
        reminded_at="when a judge was last reminded; decides nothing",
    ),
    "sheet_comment": _sealed("id act_uuid sheet_id text held_at erased_at"),
    "sheet_photo": _sealed(
        "id uuid sheet_id judge_id aspect sha256 size width height said_at held_at"
    ),
    "sign_in_card": _sealed(
        "id account_id token_hash token one_time made_at expires_at used_at cancelled_at"
    ),
    "second_factor": _sealed(
        "id account_id kind name secret key_hash made_at ended_at",
        counter="moves with every use, against the same code twice",
        used_at="moves with every use",
    ),
    "sign_in": _open(
        "for the account's owner to see, swept after half a year; what is done is sealed itself",
        "id account_id method is_right device address times first_at at",
    ),
    "signed_in_session": _open(
        "changes with every use; what is done in a session is sealed with its account",
        "id account_id token_hash epoch how device idle_seconds made_at seen_at good_until"
        " expires_at ended_at firm_session",
    ),
    "signed_sheet": _sealed(
        "id sheet_id judge_id account_id method content sha256 last_act drawing signed_at"
        " superseded_at superseded_why"
    ),
    "slot": _sealed(
        "id entrant_id stage module session station check_in_at starts_at ends_at room_id seat"
    ),
    "stoppage": _sealed(
        "id competition_id entrant_id stage module reason stopped_at noted_by noted_at seconds"
        " last place settled_by settled_at ended_by ended_at"
    ),
    "stored_page": _open(_STORED, "id key competition_id release content made_at"),
    "submission": _open(
        "says for two days that a form came; what it made is sealed where it was written",
        "id digest answer made_at",
    ),
    "syllabus_node": _sealed("id bank_id parent_id code name weight importance position extra"),
    "tablet_key": _sealed("id judge_id account_id name key given_at ended_at"),
    "team": _sealed("id competition_id event_id unit_id code name extra"),
    "difficulty_entry": _sealed("id entrant_id stage module aspect difficulty made_at"),
    "time_entry": _sealed("id entrant_id stage module seconds extra made_at withdrawn_at"),
    "webhook": _sealed(
        "id account_id url types competitions secret former_secret former_until made_at removed_at"
        " stopped_at stopped_why",
        failing_since=_FAILING,
        failed_at=_FAILING,
    ),
    "withdrawal": _sealed("id entrant_id reason onward made_by made_at ended_by ended_at"),
    "unit": _sealed("id competition_id code name parent_id organisation_id extra"),
    "working_year": _sealed("id year off worked source entered_by entered_at"),
}
