// A competition from its file to its results: what `compete score` does, written a second time
// from the format's sentences. The results are as a results file has them.

import { Lists } from "./lists.js";
import { awardsOf } from "./awards.js";
import { evaluated } from "./evaluation.js";
import { finalRows, finalsOf, itemOf, itemRows, teamRows, teamsOf, unitRows } from "./finals.js";
import { gradesOf } from "./grades.js";
import { Labour, labourResults } from "./labour.js";
import { overallOf } from "./overall.js";
import { scaledOf } from "./scaled.js";
import { Stage } from "./stage.js";

const RESULTS = "compete-results/1";

/** An event worked out: its results, and what they were made of. */
function workedOut(bundle, event) {
  const people = new Map((bundle.entrants ?? [])
    .filter((person) => person.event === event.code).map((person) => [person.code, person]));
  const lists = new Lists(bundle, event, people);
  const stages = [];
  let codes = [...people.keys()];
  for (const stage of event.stages) {
    const scoredStage = new Stage(event, stage, lists, people, codes, [...stages]);
    stages.push(scoredStage);
    if (stage !== event.stages.at(-1)) codes = scoredStage.goingOn();
  }
  const finals = finalsOf(event, stages);
  const scale = event.scale ? scaledOf(event.scale, stages.at(-1)) : null;
  const results = {
    code: event.code,
    stages: stages.map((stage, index) =>
      ({ code: stage.code, standings: stage.standings(stages[index + 1]?.entrants ?? null) })),
    standings: finalRows(finals, scale),
  };
  const ours = (bundle.teams ?? []).filter((team) => team.event === event.code);
  const teams = event.team_ranking
    ? teamsOf(event, ours.map(({ code }) => code), people, finals) : null;
  const items = (event.items ?? []).map((item) => itemOf(item, stages.at(-1)));
  if (teams) results.teams = teamRows(teams);
  if (event.unit_ranking) results.units = unitRows(event.unit_ranking, people, finals);
  if (items.length) results.items = items.map(itemRows);
  let own = new Map();
  if (event.awards?.length) {
    const { rows, ofEntrant } = awardsOf(event, stages, finals, teams, items, scale);
    results.awards = rows;
    own = ofEntrant;
  }
  if (event.grades?.length) {
    const asked = field(bundle, stages, finals, items, own);
    Object.assign(results, gradesOf(event, people, finals, asked));
  }
  const notices = stages.flatMap((stage) => stage.notices);
  if (notices.length) results.notices = notices;
  return { results, event, people, finals, scale, awards: own };
}

/** What the conditions of grade rules ask about. */
function field(bundle, stages, finals, items, awards) {
  const parents = new Map((bundle.units ?? []).map(({ code, parent }) => [code, parent ?? null]));
  return {
    stages,
    level: bundle.competition.level,
    year: bundle.competition.year ?? null,
    ranked: finals.ranks.size,
    places: stages.at(-1).places,
    rank: ({ entrant }) => finals.ranks.get(entrant),
    total: ({ entrant }) => finals.places.get(entrant).total,
    award: ({ entrant }) => awards.get(entrant) ?? null,
    itemRank(code, { entrant }) {
      const ranks = items
        .filter(({ item }) => code === "any" || item.code === code)
        .map((item) => item.ranks.get(entrant)).filter(Boolean);
      return ranks.length ? Math.min(...ranks) : null;
    },
    lineOf(unit) {
      const line = [];
      for (let at = unit; at != null && !line.includes(at); at = parents.get(at)) line.push(at);
      return line;
    },
  };
}

/** A competition worked out: {results, events: each as `workedOut` gives it, labour or null}. */
export function worked(bundle) {
  const { code, kind } = bundle.competition;
  const isLabour = kind === "labour";
  if (kind === "evaluation") {
    const events = evaluated(bundle);
    return { results: { format: RESULTS, competition: code, events }, events: [], labour: null };
  }
  const events = (isLabour ? [] : bundle.events ?? []).map((event) => workedOut(bundle, event));
  const results = {
    format: RESULTS,
    competition: code,
    events: events.map((event) => event.results),
  };
  if (bundle.overall?.length) results.overall = overallOf(bundle, events);
  const labour = isLabour ? new Labour(bundle) : null;
  if (labour) results.labour = labourResults(labour);
  return { results, events, labour };
}

/** The results of a competition. */
export const scored = (bundle) => worked(bundle).results;
