// The list in sessions, and what stands of each person: the server's word with this device's own
// acts on top.

import { dayWords } from "../shared/days.js";
import { dayStamp, plannedClock } from "../shared/dom.js";

/** Milliseconds in which this device may take an act back. */
export const UNDO_WITHIN = 600_000;
const WARN = 300_000;

// Who sits in rooms comes to one session, whatever the level and the turn.
const roundOf = (person) => (person.room
  ? [person.day, person.session, "room"]
  : [person.day, person.stage, person.session, person.module, person.begins ?? ""]).join("|");

/** [{id, title, day, starts, people}], in the order of the list. */
export function rounds(people) {
  const sessions = new Map();
  for (const person of people) {
    const id = roundOf(person);
    if (!sessions.has(id)) sessions.set(id, { id, title: person.title, day: person.day, starts: person.starts, people: [] });
    sessions.get(id).people.push(person);
  }
  return [...sessions.values()];
}

/** When a time planned for that day is: with the day where it is not today's, by the hall's clocks. */
export const plannedWhen = (day, time, now) => [
  ...(day && day !== dayStamp(now) ? [dayWords(day)] : []), ...(time ? [plannedClock(time)] : []),
].join(" ");

/** The rooms of a session by name, as they are numbered; none where nobody sits in any. */
export const roomsOf = (round) => [...new Set((round?.people ?? []).map(({ room }) => room).filter(Boolean))]
  .sort((a, b) => a.localeCompare(b, "zh", { numeric: true }));

/** Those of a session who sit in the room, in the order of turns and seats; without a room all. */
export const inRoom = (people, room) => (room
  ? people.filter((person) => person.room === room).sort((a, b) => (a.starts ?? "").localeCompare(b.starts ?? "") || a.seat - b.seat)
  : people);

/** The session to begin with: the first in which somebody's turn is still to come, else the last. */
export function upcoming(all, now) {
  const isToCome = ({ starts }) => !starts || Date.parse(starts) >= now;
  return all.find((round) => round.people.some(isToCome)) ?? all.at(-1) ?? null;
}

/** Whether the person belongs to the session. */
export const isOf = (person, round) => Boolean(round) && roundOf(person) === round.id;

/**
 * What stands of a person. own: this device's acts that the list does not tell yet. Of several
 * passes the earliest counts; came: acts by which some of a crew are there and wait, there: the
 * numbers of those: {passes, passed, stopped, came, there}.
 */
export function standing(person, own) {
  const mine = own.filter((act) => act.entrant === person.entrant && isSame(act, person));
  const undone = new Set(mine.filter((act) => act.kind === "undone").map((act) => act.undoes));
  const known = new Map([...person.acts, ...mine].map((act) => [act.uuid, act]));
  const acts = [...known.values()]
    .filter((act) => act.kind !== "undone" && !undone.has(act.uuid))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const passes = acts.filter((act) => act.kind === "passed");
  const came = acts.filter((act) => act.kind === "came");
  const there = new Set(came.flatMap((act) => act.seen ?? []));
  const last = acts.at(-1);
  return { passes, passed: passes[0] ?? null, stopped: last?.kind === "stopped" ? last : null, came, there };
}

const isSame = (act, person) => ["stage", "session", "module", "day"]
  .every((key) => (act[key] ?? null) === person[key]);

/** present, absent, late or expected: each person is in one of them. */
export function stateOf(person, own, now) {
  const { passed } = standing(person, own);
  if (person.outcome && (person.absent || !passed)) return "absent";
  if (passed) return "present";
  return person.closes && now > Date.parse(person.closes) ? "late" : "expected";
}

/** "" (time enough), "soon" (five minutes and less), "over", or null where no time is known. */
export function lateness(person, now) {
  if (!person.closes) return null;
  const left = Date.parse(person.closes) - now;
  return left < 0 ? "over" : left <= WARN ? "soon" : "";
}
