"""What a paper says to an examination: questions with keys for its file, and what is shown.

It is written down as the examination is set up, so that no later word of the bank changes what
was asked. What candidates see is sealed with a key by form: devices fetch it before the start,
and have the key from then on.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from compete.domain.exam.answers import CHOICES, QuestionKind
from compete.models import Examination, ExamPaper, ExamSitting, Question, SyllabusNode
from compete.services.kernel.installation import memory_of
from compete.services.questions.bank_files import nodes_of
from compete.services.questions.papers import asked_in
from compete.services.questions.pictures import names_in, pictures_of
from compete.services.questions.shown_questions import asked_of, keys_of, media_of

_KEY_BYTES, _NONCE_BYTES = 32, 12
_KEYS = "compete.exam_keys"
_GUIDES = "guides"
"""The key of the guides beside what the exam's file says."""


@dataclass(frozen=True, slots=True)
class PaperContent:
    """Sections, questions and forms in the words of the exam's file; what each form shows.

    `guides` are the markers' by essay.
    """

    filed: Mapping[str, Any]
    shown: Mapping[str, Mapping[str, Any]]
    guides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SealedPapers:
    """By form what devices fetch, {nonce, sealed, sha256, questions}, and the key that opens it."""

    papers: Mapping[str, Mapping[str, Any]]
    keys: Mapping[str, str]


def content_of_paper(paper: ExamPaper) -> PaperContent:
    """The paper with its questions as the bank has them now."""
    read, questions, versions = asked_in(paper)
    sections = _sections(paper)
    asked_versions = [
        versions[item.question, item.version] for form in read.forms for item in form.items
    ]
    pictures = pictures_of(paper.bank_id, asked_versions)
    filed: dict[str, dict[str, Any]] = {}
    shown: dict[str, dict[str, Any]] = {}
    guides: dict[str, str] = {}
    for form in read.forms:
        asked = []
        for item in form.items:
            question, version = questions[item.question], versions[item.question, item.version]
            section = sections[question.node_id]
            filed[item.question] = _filed(question, version, section.code, f"{item.points:f}")
            row = _shown(filed[item.question], question, version, item.options)
            asked.append(row | media_of(version, pictures))
            if version.get("guide"):
                guides[item.question] = version["guide"]
        shown[form.form] = {"form": form.form, "questions": asked}
    used = {row["section"] for row in filed.values()}
    named = {node.code: node.name for node in sections.values() if node.code in used}
    listed = [{"code": code, "name": name} for code, name in named.items()]
    forms = [
        {"form": form.form, "questions": [item.question for item in form.items]}
        for form in read.forms
    ]
    for it in shown.values():
        it["sections"] = listed
    whole = {"sections": listed, "questions": list(filed.values()), "forms": forms}
    return PaperContent(whole, shown, guides)


def _sections(paper: ExamPaper) -> dict[int, SyllabusNode]:
    """The scope at the top of each node of the bank, in the tree's order."""
    nodes = nodes_of(paper.bank)
    tops: dict[int, SyllabusNode] = {}
    for node in nodes:
        tops[node.id] = tops[node.parent_id] if node.parent_id is not None else node
    return tops


def _filed(
    question: Question, version: Mapping[str, Any], section: str, points: str
) -> dict[str, Any]:
    row = {
        "code": question.code,
        "version": version["number"],
        "kind": question.kind.value,
        "section": section,
        "points": points,
    }
    if question.kind in CHOICES:
        row["options"] = [option["id"] for option in version["options"]]
    return row | keys_of(version)


def _shown(
    filed: Mapping[str, Any],
    question: Question,
    version: Mapping[str, Any],
    order: tuple[str, ...] | None,
) -> dict[str, Any]:
    """What a candidate sees: nothing of keys, deviations, explanations."""
    row = {key: filed[key] for key in ("code", "kind", "section", "points")}
    return row | asked_of(question.kind, version, order)


def lacks_pictures(content: PaperContent) -> list[str]:
    """The codes of questions with a mark whose picture is not there."""
    rows = (row for form in content.shown.values() for row in form["questions"])
    return sorted({row["code"] for row in rows if set(names_in(row)) - set(row.get("media", ()))})


def seal_papers(shown: Mapping[str, Mapping[str, Any]]) -> SealedPapers:
    """Seal each form with a key of its own."""
    papers, keys = {}, {}
    for form, content in shown.items():
        key, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, _as_shown(content), None)
        digest = hashlib.sha256(sealed).hexdigest()
        papers[form] = {
            "nonce": _text(nonce),
            "sealed": _text(sealed),
            "sha256": digest,
            "questions": len(content["questions"]),
        }
        keys[form] = _text(key)
    return SealedPapers(papers, keys)


def bytes_of_form(content: PaperContent) -> int:
    """How much the largest form is that a device fetches before the start."""
    return max(len(_as_shown(form)) for form in content.shown.values())


def _as_shown(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def sealed_paper(sitting: ExamSitting) -> Mapping[str, Any]:
    """The paper that a sitting's device fetches before the start."""
    papers: Mapping[str, Mapping[str, Any]] = sitting.examination.papers
    return papers[sitting.form]


def paper_key(sitting: ExamSitting) -> str:
    """The key that opens it; it stays as it was made."""
    memory = memory_of(_KEYS, dict[tuple[int, datetime], Mapping[str, str]])
    examination = sitting.examination
    key = examination.id, examination.made_at
    if key not in memory:
        memory[key] = json.loads(examination.paper_keys)
    return memory[key][sitting.form]


def opened_paper(examination: Examination, form: str) -> bytes:
    """The paper of a form as candidates see it: for devices that cannot open seals."""
    paper, keys = examination.papers[form], json.loads(examination.paper_keys)
    key, nonce, sealed = map(_bytes, (keys[form], paper["nonce"], paper["sealed"]))
    return AESGCM(key).decrypt(nonce, sealed, None)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def form_names(examination: Examination) -> list[str]:
    """The forms of its paper, in their order."""
    return [form["form"] for form in filed_content(examination)["forms"]]


def filed_content(examination: Examination) -> dict[str, Any]:
    """Sections, questions with keys and forms, in the words of the exam's file."""
    content: dict[str, Any] = json.loads(examination.content)
    content.pop(_GUIDES, None)
    return content


def written_content(content: PaperContent) -> str:
    """What an examination keeps of its paper, beside what is shown."""
    return json.dumps({**content.filed, _GUIDES: content.guides}, ensure_ascii=False)


def essay_codes(examination: Examination) -> list[str]:
    """The essays of its paper, in its order."""
    rows = filed_content(examination)["questions"]
    return [row["code"] for row in rows if row["kind"] == QuestionKind.ESSAY]


def guide_of(examination: Examination, question: str) -> str:
    """The markers' guide to an essay; empty where the bank had none."""
    guides: Mapping[str, str] = json.loads(examination.content).get(_GUIDES, {})
    return guides.get(question, "")


def question_shown(examination: Examination, form: str, code: str) -> Mapping[str, Any]:
    """A question as candidates of a form see it."""
    rows: list[Mapping[str, Any]] = json.loads(opened_paper(examination, form))["questions"]
    return next(row for row in rows if row["code"] == code)
