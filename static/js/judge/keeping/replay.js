// What a sheet says now: the server's word, then this judge's own acts that the
// server does not hold yet, in the order they were made. Nothing else counts, so
// a page that was open for hours can't bring old values back.

import { typeOf } from "../aspect_types.js";
import { tidy } from "../../shared/exact.js";
import { metIn } from "../met.js";

/** States in which the judge can still enter marks. */
const OPEN = new Set(["not_begun", "begun", "complete", "returned"]);

/**
 * server: {values, state, watch, locked, aspects}; acts: unsent, in order.
 * Returns {values, state, watch: {aspect: newest watch act}, comment, open}.
 */
export function replay(server, acts) {
  const now = {
    values: tidied(server.values), met: { ...server.met }, watch: {}, state: server.state, touched: false,
    comment: server.comment ?? "",
  };
  for (const act of server.watch ?? []) keepWatch(now, act, server);
  for (const act of acts) APPLY[act.kind]?.(now, act, server);
  if (now.touched) now.state = progress(now.values, server.aspects ?? []);
  now.open = OPEN.has(now.state) && !server.locked;
  return now;
}

/** "17.50" and "17.5" are one value; true and false stay what they are. */
function tidied(values = {}) {
  const entries = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([code, value]) =>
    [code, typeof value === "boolean" ? value : tidy(value) ?? value]));
}

const APPLY = {
  mark(now, act) {
    now.values[act.aspect] = act.value;
    now.met[act.aspect] = metIn(act.note) ?? undefined;
    now.touched = true;
  },
  clear(now, act) {
    delete now.values[act.aspect];
    now.touched = true;
  },
  submit(now) {
    now.state = "submitted";
    now.touched = false;
  },
  comment(now, act) {
    now.comment = act.note ?? "";
  },
  watch_start: keepWatch,
  watch_stop: keepWatch,
  watch_correct: keepWatch,
};

/** The server's rule for a sheet that is being marked. */
function progress(values, aspects) {
  const left = aspects.filter((aspect) => values[aspect.code] === undefined).length;
  if (!left) return "complete";
  return left < aspects.length ? "begun" : "not_begun";
}

/** A watch act without an aspect belongs to the sheet's one time aspect. */
function keepWatch(now, act, server) {
  const aspect = act.aspect ?? server.aspects?.find((candidate) => typeOf(candidate).timed)?.code;
  now.watch[aspect] = { kind: act.kind, at: act.at, value: act.value ?? null };
}
