"""Signed notes and checkpoints: the standards' examples, and everything that is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.log.checkpoints import (
    Checkpoint,
    checked_checkpoint,
    from_short_form,
    read_checkpoint,
    short_form,
    signed_checkpoint,
)
from compete.domain.log.notes import (
    LogTextError,
    Note,
    VerifierKey,
    read_note,
    signed_note,
    who_signed,
)
from compete.domain.values.hashwords import hash_words
from compete.keys.ed25519 import SigningKey, check_signature

# The example of C2SP signed-note, and that of the tests of Go's sumdb/note.
STANDARD = (
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n",
)
GO = (
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpR"
    "Zb6KE6RyyBwJnAM=\n",
)
KEY = SigningKey.from_seed(bytes(range(32)))
ORIGIN = "jingsai.example/log"
OURS = VerifierKey(ORIGIN, KEY.public_key)
CHECKPOINT = Checkpoint(ORIGIN, 184, bytes(range(100, 132)))
SIGNED = signed_checkpoint(CHECKPOINT, OURS, KEY.sign)


@pytest.mark.parametrize(("key_text", "note_text"), [STANDARD, GO])
def test_the_examples_of_others_hold(key_text: str, note_text: str) -> None:
    key = VerifierKey.parse(key_text)
    note = read_note(note_text.encode())
    assert str(key) == key_text
    assert str(note) == note_text
    assert who_signed(note, [key], check_signature) == (key,)


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_changed_note_does_not_hold(at: int) -> None:
    key_text, text = GO
    changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    with pytest.raises(LogTextError):
        who_signed(read_note(changed.encode()), [VerifierKey.parse(key_text)], check_signature)


def test_strangers_signatures_are_passed_over_and_a_known_one_must_fit() -> None:
    other = SigningKey.from_seed(bytes(32))
    stranger = VerifierKey("someone.example", other.public_key)
    ours = signed_note("text\n", OURS, KEY.sign)
    theirs = signed_note("text\n", stranger, other.sign)
    both = Note("text\n", (*theirs.signatures, *ours.signatures, *ours.signatures))
    again = read_note(str(both).encode())
    assert again == both
    assert who_signed(again, [OURS], check_signature) == (OURS,)
    assert who_signed(again, [OURS, stranger], check_signature) == (stranger, OURS)
    with pytest.raises(LogTextError, match="没有一个签名"):
        who_signed(theirs, [OURS], check_signature)
    forged = signed_note("text\n", OURS, other.sign)
    with pytest.raises(LogTextError, match="签名对不上"):
        who_signed(Note("text\n", (*theirs.signatures, *forged.signatures)), [OURS, stranger],
                   check_signature)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", "text\n", "text\n\n", "text\n\n— a\n", "text\n\n— a b\n", "text\n\n— a AAAAAA==",
        "text\n\n- a AAAAAAA=\n", "text\n\n— a AAAA\n", "text\n\n— a AAAAAAB=\n",
        "te\txt\n\n— a AAAAAAA=\n", "text\n\n— a AAAAAAA=\r\n", "text\n\n—  AAAAAAA=\n",
        "text\n\n" + "— a AAAAAAA=\n" * 101,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(LogTextError):
        read_note(text.encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(LogTextError, match="UTF-8"):
        read_note(b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n")


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a+530d903a", "a+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U",
        "exam ple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)  # fmt: skip
def test_a_key_that_was_copied_wrongly_is_refused(text: str) -> None:
    with pytest.raises(LogTextError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "a+b", "a b", "a\nb", "a\u00a0b", "a\x07b", "+", " "])
def test_a_name_that_would_break_the_line_it_stands_in_is_refused(name: str) -> None:
    with pytest.raises(LogTextError, match="钥匙名"):
        VerifierKey(name, KEY.public_key)


def test_a_checkpoint_says_what_the_standard_says() -> None:
    lines = SIGNED.split("\n")
    assert lines[:4] == [ORIGIN, "184", "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=", ""]
    assert checked_checkpoint(SIGNED.encode(), [OURS], check_signature) == CHECKPOINT
    extended = Checkpoint("other.example", 0, bytes(32), ("a line", "another"))
    note = signed_note(extended.text, VerifierKey("other.example", KEY.public_key), KEY.sign)
    assert read_checkpoint(str(note).encode()) == (extended, note)


def test_a_checkpoint_counts_only_under_the_logs_own_name() -> None:
    witness = VerifierKey("witness.example", KEY.public_key)
    note = str(signed_note(CHECKPOINT.text, witness, KEY.sign))
    with pytest.raises(LogTextError, match="没有一个签名"):
        checked_checkpoint(note.encode(), [witness, OURS], check_signature)


@pytest.mark.parametrize(
    "body",
    [
        "a\n1\n", "a\n01\nAAAA\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "\n1\nAAAA\n",
        "a\n1.0\n" + "A" * 43 + "=\n", "a\n１\n" + "A" * 43 + "=\n", "a\n9007199254740992\n"
        + "A" * 43 + "=\n", "a\n1\n" + "A" * 43 + "\n", "a\n1\n" + "A" * 42 + "B=\n",
        "a\n1\n" + "A" * 43 + "=\n\nx\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(body: str) -> None:
    note = signed_note(body, OURS, KEY.sign)
    with pytest.raises(LogTextError):
        read_checkpoint(str(note).encode())


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_the_short_form_gives_the_note_back_to_the_letter(size: int, root: bytes) -> None:
    text = signed_checkpoint(Checkpoint(ORIGIN, size, root), OURS, KEY.sign)
    short = short_form(text.encode())
    assert from_short_form(short) == text
    assert "=" not in short
    assert len(short) < 190
    assert short.isascii()


def test_the_short_form_is_made_only_of_what_the_log_signed() -> None:
    extended = Checkpoint(ORIGIN, 1, bytes(32), ("a line",))
    with pytest.raises(LogTextError):
        short_form(signed_checkpoint(extended, OURS, KEY.sign).encode())
    witness = VerifierKey("witness.example", KEY.public_key)
    with pytest.raises(LogTextError):
        short_form(str(signed_note(CHECKPOINT.text, witness, KEY.sign)).encode())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda short: "", lambda short: short[1:], lambda short: short.rsplit("~", 1)[0],
        lambda short: short.replace("~184~", "~0184~"), lambda short: short.replace("cp1", "cp2"),
        lambda short: short.replace("Z", "", 1), lambda short: short.replace("Z", "=", 1),
        lambda short: short.rsplit("~", 1)[0] + "~",
    ],
)  # fmt: skip
def test_a_short_form_that_was_cut_is_refused(spoil: Callable[[str], str]) -> None:
    with pytest.raises(LogTextError):
        from_short_form(spoil(short_form(SIGNED.encode())))


def test_paper_shows_words_and_all_digits() -> None:
    assert "".join(CHECKPOINT.digits) == CHECKPOINT.root.hex()
    assert CHECKPOINT.long_words.split() == list(hash_words(CHECKPOINT.root, 8))
    assert CHECKPOINT.long_words.startswith(CHECKPOINT.words)
