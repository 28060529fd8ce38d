"""Loads the files that answer by being loaded: jobs, papers, what watches every write."""

# ruff: noqa: F401
import compete.services.certificates.authority_books
import compete.services.certificates.claim_proposals
import compete.services.certificates.issuing_jobs
import compete.services.certificates.printing
import compete.services.certificates.promotions
import compete.services.closing.approving_jobs
import compete.services.closing.competition_lock
import compete.services.closing.marks_lists
import compete.services.competitions.dossier
import compete.services.competitions.erasure_requests
import compete.services.directory.search_columns
import compete.services.examinations.exam_marks
import compete.services.jobs.papers.printing
import compete.services.judging.printed_sheets
import compete.services.kernel.news
import compete.services.kernel.row_seals
import compete.services.kernel.transactions
import compete.services.messages.by_clock
import compete.services.messages.tellers
import compete.services.questions.bank_jobs
import compete.services.registration.badges
import compete.services.registration.oversight_reports
import compete.services.registration.printed_forms
import compete.services.registration.staging
import compete.services.results.notice
import compete.services.results.publishing
import compete.services.results.results_booklet
import compete.services.results.score_summary
import compete.services.schedule.drawing_jobs
