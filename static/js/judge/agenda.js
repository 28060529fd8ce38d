// What is left, worked out from the list of sheets: pure, so that it can be tested without a page.
// A sheet here is a row of /api/home, plus `unsent`.

import { missing, totalText, withBefore } from "./marking.js";
import { replay } from "./keeping/replay.js";
import { STATES } from "./states.js";
import { isNewer } from "../keeping/store.js";

const DONE = new Set(["submitted", "signed"]);
/** So many sheets that are in can stand below those left without pushing the next session away. */
const FEW = 6;

/**
 * The server's rows, with this tablet's unsent acts applied where there are any.
 * known: sheets whole, as kept on this tablet; waiting: rows of the journal;
 * since: when the server was asked for the rows, 0 where they came with the page.
 */
export function merged(rows, known, waiting, since = 0) {
  const whole = new Map(known.filter((sheet) => sheet.aspects).map((sheet) => [sheet.id, sheet]));
  const lost = new Set(known.filter((sheet) => sheet.unsigned).map((sheet) => sheet.id));
  return rows.map((row) => {
    const unsigned = lost.has(row.id);
    const acts = waiting.filter((entry) => entry.sheet === row.id).map((entry) => entry.act);
    const sheet = whole.get(row.id);
    // A page kept for when the server is dead may be older than what this tablet knows, and
    // so may an answer that acts have overtaken.
    const newer = isNewer(sheet, row, since);
    // A reminder is answered by whatever the judge does, sent or not.
    const reminded = acts.length || row.locked ? null : (newer ? sheet : row).reminded ?? null;
    if (!sheet || (!acts.length && !newer)) return { ...row, reminded, unsigned, unsent: acts.length > 0 };
    const now = replay(sheet, acts);
    const begun = now.state !== "not_begun";
    withBefore(sheet.aspects, sheet.previous);
    return {
      ...row,
      returned_reason: sheet.returned_reason ?? row.returned_reason,
      state: now.state,
      left: missing(sheet.aspects, now.values).length,
      total: begun ? totalText(sheet.aspects, now.values) : null,
      reminded,
      unsigned,
      unsent: acts.length > 0,
    };
  });
}

/** How many sheets are in each state, with "excused" for those that nobody waits for. */
export function counts(sheets) {
  const tally = {};
  for (const { state, excused } of sheets) {
    const key = excused && !DONE.has(state) ? "excused" : state;
    tally[key] = (tally[key] ?? 0) + 1;
  }
  return tally;
}

/** How many are waited for, as the organisers' pages count them: none of those who are absent or gave up. */
export const awaited = (sheets) =>
  sheets.filter((sheet) => !DONE.has(sheet.state) && !sheet.excused).length;

/**
 * The sheet to go on with: the first not begun, else one that is begun, else one to hand in;
 * never one that nobody waits for.
 */
export function next(sheets) {
  const free = sheets.filter((sheet) => !sheet.locked && !sheet.reminded && !sheet.excused);
  for (const wanted of ["not_begun", "begun", "complete"]) {
    const sheet = free.find((sheet) => sheet.state === wanted);
    if (sheet) return sheet;
  }
  return null;
}

/** What wants the judge at once: sent back, reminded of, or too far from the panel. */
export const pressing = (sheets) => sheets.filter((sheet) =>
  sheet.state === "returned" || sheet.reminded || (sheet.dispute && sheet.state === "submitted"));

/**
 * By session, those with something left first, those wholly done last, else as the day goes: [{name, time, date, rows,
 * handed, done, count, signed}]. rows are what is neither pressing nor next, the unfinished first;
 * of a session that is not done without the signed, of one that is done all. handed are those of
 * rows that are in, kept apart where there are so many that the next session would be far down.
 */
export function groups(sheets, upcoming) {
  const aside = new Set([upcoming, ...pressing(sheets)]);
  const several = new Set(sheets.map((sheet) => sheet.date).filter(Boolean)).size > 1;
  const sessions = new Map();
  for (const sheet of sheets) {
    const key = JSON.stringify([sheet.date, sheet.session ?? sheet.module, sheet.session && sheet.module]);
    if (!sessions.has(key)) sessions.set(key, { sheet, all: [] });
    sessions.get(key).all.push(sheet);
  }
  const names = [...sessions.values()].map(({ sheet }) => sheet.session);
  return [...sessions.values()].map(({ sheet, all }) => {
    const twice = sheet.session && names.filter((name) => name === sheet.session).length > 1;
    const done = all.every((row) => DONE.has(row.state)) && !all.some((row) => aside.has(row));
    const rest = done ? all : all.filter((row) => row.state !== "signed" && !aside.has(row));
    const left = rest.filter((row) => !DONE.has(row.state));
    const handed = rest.filter((row) => DONE.has(row.state));
    const apart = !done && left.length > 0 && handed.length > FEW;
    return {
      name: [sheet.session ?? sheet.module, twice && sheet.module].filter(Boolean).join(" "),
      time: span(all),
      date: several ? sheet.date : null,
      rows: apart ? left : [...left, ...handed],
      handed: apart ? handed : [],
      done,
      count: all.length,
      signed: all.every((row) => row.state === "signed"),
    };
  }).filter((group) => group.rows.length).sort((a, b) => rest(a) - rest(b));
}

/** Sessions with something left to mark first, then those whose rest is in, then the folded ones. */
function rest(group) {
  if (group.done) return 2;
  return group.rows.some((row) => !DONE.has(row.state)) ? 0 : 1;
}

/** From the first beginning to the last end, by the hall's clock; "" where nobody knows. */
function span(sheets) {
  const begins = sheets.map((sheet) => sheet.begins).filter(Boolean).sort()[0] ?? "";
  const ends = sheets.map((sheet) => sheet.ends).filter(Boolean).sort().at(-1);
  return begins && ends ? `${begins}–${ends}` : begins;
}

/** From signed to not begun. */
export function tickOrder(sheets) {
  const place = Object.fromEntries(Object.keys(STATES).map((state, index) => [state, index]));
  return [...sheets].sort((a, b) => place[a.state] - place[b.state]);
}

/** A code as people type it: full-width, small, with blanks, with a dash of any kind or none. */
const plain = (code) => code.normalize("NFKC").toUpperCase().replace(/[\s\p{Dash_Punctuation}\u2212_]+/gu, "");

/** The sheets that a typed code means: 27 finds K-27 where only one ends so, and so does k27. */
export function byCode(sheets, typed) {
  const wanted = plain(typed);
  if (!wanted) return [];
  const whole = sheets.filter((sheet) => sheet.code.toUpperCase() === typed.trim().toUpperCase());
  const same = whole.length ? whole : sheets.filter((sheet) => plain(sheet.code) === wanted);
  if (same.length) return same.sort((a, b) => DONE.has(a.state) - DONE.has(b.state));
  // A name may stand behind the number.
  return sheets.filter((sheet) => plain(sheet.code).endsWith(wanted) || sheet.code.split(" ").some((part) => plain(part) === wanted));
}
