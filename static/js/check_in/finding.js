// Who is meant by what was typed, or read off a badge.

import { sha256 } from "../draw/sha256.js";

const BADGE = /(?:^|\/c\/)([\w-]{30,})\/?(?:[?#].*)?$/;
const TAIL = /^\d{3}[\dX]$/;
/** How much of a badge's hash the list has. */
const DIGITS = 32;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const digest = (token) => hex(sha256(new TextEncoder().encode(token))).slice(0, DIGITS);

/** Whether it is looked up as soon as it is typed: four digits, or a whole badge. */
export const isWhole = (text) => TAIL.test(text.trim().toUpperCase()) || BADGE.test(text.trim());

/**
 * The numbers of the entrants meant, each once. whose: of a crew, the number of whose own badge
 * or paper it is, "" else. why: "replaced" for a badge that was given up, "left" for that of
 * who withdrew, "unknown" where nobody is found, "" else.
 */
export function find({ people, replaced, left = [] }, text) {
  const typed = text.normalize("NFKC").trim();
  const badge = BADGE.exec(typed);
  if (badge) {
    const mark = digest(badge[1]);
    const isOwn = (paper) => paper.badge === mark;
    const holders = people.filter((person) => person.badge === mark || person.papers.some(isOwn));
    const codes = numbers(holders);
    const why = codes.length ? "" : replaced.includes(mark) ? "replaced" : left.includes(mark) ? "left" : "unknown";
    return { codes, whose: whoseOf(holders, isOwn), why };
  }
  const upper = typed.toUpperCase();
  const exact = people.filter((person) => person.entrant.toUpperCase() === upper);
  const isTail = (paper) => paper.tail === upper;
  const tailed = TAIL.test(upper) ? people.filter((person) => person.papers.some(isTail)) : [];
  const matches = [...exact, ...tailed];
  const codes = numbers(matches.length || !typed ? matches : people.filter((person) => isNamed(person, typed)));
  const whose = exact.length ? "" : whoseOf(tailed, isTail);
  return { codes, whose, why: codes.length || !typed ? "" : "unknown" };
}

/** Of one crew, the number of the member meant; "" where it is somebody alone, or several. */
function whoseOf(people, isMeant) {
  if (numbers(people).length !== 1 || !people[0].crew) return "";
  const meant = people[0].papers.filter(isMeant);
  return meant.length === 1 ? meant[0].code : "";
}

/** By a part of a name whatever the case, by pinyin from its beginning, or by its initials. */
function isNamed(person, typed) {
  const names = [person.name, ...person.papers.map((paper) => paper.name)];
  const small = typed.toLowerCase();
  if (names.some((name) => name.toLowerCase().includes(small))) return true;
  const letters = small.replace(/[^a-z]/g, "");
  if (letters.length < 2 || letters.length !== typed.replace(/\s/g, "").length) return false;
  const syllables = person.key.toLowerCase().split(/[^a-z]+/).filter(Boolean);
  return syllables.join("").startsWith(letters)
    || syllables.map((syllable) => syllable[0]).join("").startsWith(letters);
}

const numbers = (people) => [...new Set(people.map((person) => person.entrant))];
