// What the scorer knows of the format. A file may one day say more: then the script must not
// pretend that it has worked that out, so whatever it does not know is named by its place.

import { OWN_KEYS, TYPE_NAMES } from "../judge/aspect_types.js";
import { CONDITIONS } from "./grades.js";
import { VERSIONS, versionOf } from "./versions.js";

/** Anything at all: no result hangs on it, or who reads it says what is wrong with it. */
const ANY = null;

/** One of these words. */
const word = (...words) => new Set(words);

/** An object with these keys; every object may have `extra`. */
const keys = (names, more = {}) => ({
  __proto__: null,
  extra: ANY,
  ...Object.fromEntries(names.split(" ").map((name) => [name, ANY])),
  ...more,
});

const TEAM_TIES = word("best", "best_rank", "module", "time");
/** What a grade rule may ask is what its conditions and roles are. */
const RULE_KEYS = `${Object.keys(CONDITIONS).join(" ")} roles`;
const PERSON = "code name id_number group grade promoted phone gender birth";

/** A list of anything, or one of these words. */
const listOr = (...words) => ({ list: word(...words) });

const tie = (kinds) => ({ kindOf: (text) => String(text).split(":")[0], kinds });

/** What may stand in a file: of the first version, or with what came later, by its kind. */
function shapeOf({ isFirst }, isEvaluation) {
  const later = (...words) => (isFirst ? [] : words);
  const laterKeys = (more) => (isFirst ? {} : more);
  const rankedKeys = (more) => (isFirst || isEvaluation ? {} : more);
  const ties = word("module", "part", "criterion", "aspect", "time", "stage", "age", ...later("next"));
  const judgedKeys = (more) => (isEvaluation ? more : {});

  const panel = keys("size drop_high drop_low max_spread min", {
    combine: word("mean", "median", "trimmed_mean", "sum", "agreed"),
    at: word("sheet", "aspect"),
    reduced: word("same", "mean", ...later("scale")),
  });

  const module = keys("code name part weight full pass", {
    panel,
    aspects: [keys("code name max factor criterion standard", {
      type: word(...TYPE_NAMES),
      ...Object.fromEntries(Object.entries(OWN_KEYS).map(([name, shape]) => [
        name, typeof shape === "string" ? [keys(shape)] : shape,
      ])),
    })],
    ...judgedKeys({ review: ANY }),
  });

  const event = keys("code name occupation", {
    rounding: keys("aspect module total", laterKeys({
      mode: word("half_up", "down", ...(isEvaluation ? [] : ["up"])),
    })),
    stages: [keys("code name", {
      modules: [module],
      parts: [keys("code name weight full pass", rankedKeys({ take: keys("best") }))],
      carry: keys("from weight own"),
      advance: keys("top per_unit without also missed", { ties: word("include", "cut") }),
    })],
    ranking: keys("", {
      ties: [tie(ties)],
      on: word("rounded", "exact"),
      style: word("competition", "dense", "ordinal"),
      ...laterKeys({ ordinal_by: word("code") }),
    }),
    team_ranking: keys("best require_full min_members", {
      method: word("sum", "mean"),
      ties: [tie(TEAM_TIES)],
    }),
    unit_ranking: keys("points medals", laterKeys({ shared: word("full", "average") })),
    items: [keys("code name of", { ties: [tie(ties)] })],
    awards: [keys("code name top ratio at_least min_total", {
      pass_modules: word(true, false, ...later("all", "taken")),
      round: word("floor", "ceil", "half_up"),
      scope: word("entrants", "teams", "items"),
      ...laterKeys({ within: ANY, min_scaled: ANY }),
    })],
    ...laterKeys({
      scale: keys("at of places", {
        centre: word("median", "mean"),
        spread: word("sd", "none"),
      }),
    }),
    grades: [keys("code cite", {
      when: keys(RULE_KEYS, {
        pass_modules: listOr("all", ...later("taken")),
        item: keys("code max_rank"),
        holds: keys("at_least at_most"),
      }),
      grant: keys("to up floor ceiling max_step titles"),
    })],
    ...judgedKeys({
      verdict: word("pass"),
      ...keys("grade cite on carry_months"),
      apply: [keys("code cite", {
        when: keys("years_in_grade years_in_trade min_age groups", {
          holds: keys("at_least at_most"),
          papers: keys("of years"),
        }),
      })],
    }),
  });

  const labour = keys("groups adjust_cap warn_below", {
    periods: [keys("code name part_of weight")],
    indicators: [keys("code name heading max periods", {
      scoring: keys("cap zero_at full_at points", {
        type: word("score", "completion", "linear", "deduction", "rank"),
        better: word("lower", "higher"),
      }),
    })],
    values: [keys("unit period indicator value target")],
    adjustments: [keys("unit period points reason")],
    ties: [tie(word("indicator"))],
    missing: word("blocks", "zero"),
    vetoes: [keys("unit period reason")],
    ...laterKeys({
      veto_rank: word("keep", "last", "none"),
      prizes: [keys("code name period top min", { by: tie(word("indicator", "heading")) })],
    }),
    flags: keys("count min periods min_leaves"),
  });

  return keys("", {
    format: word(...Object.keys(VERSIONS)),
    competition: keys("code name level year starts ends host series venue", {
      kind: word("skills", "labour", ...later("evaluation")),
    }),
    units: [keys("code name parent")],
    judges: [ANY],
    entrants: [keys(`${PERSON} event unit team`, {
      members: [keys(`${PERSON} role`)],
      ...judgedKeys({
        grade_since: ANY,
        trade: keys("months at"),
        papers: [keys("kind since")],
        carried: [keys("of mark until", {
          from: keys("competition event entrant publication"),
          void: keys("day reason"),
        })],
        resit: keys("competition event entrant attempt"),
        exempt: ANY,
      }),
    })],
    teams: [keys("code name event unit")],
    events: [event],
    marks: [keys("stage module entrant judge aspect value at", laterKeys({ difficulty: ANY }))],
    outcomes: [keys("stage module entrant reason", { status: word("dns", "dnf", "dsq") })],
    penalties: [keys("stage module entrant points seconds reason")],
    times: [keys("stage module entrant seconds")],
    ...laterKeys({
      playoffs: [keys("event stage order reason at", { kind: word("extra", "lot") })],
      overall: [keys("code name events points best places least_events", {
        who: word("units", "delegations"),
        by: word("ranks", "awards", "medals", "totals", "scaled"),
        method: word("sum", "mean"),
        shared: word("full", "average"),
        ties: [word("medals", "best", "events")],
      })],
    }),
    labour,
  });
}

/** The places in the file that say something the scorer does not know, a few of them. */
export function unknownIn(bundle, most = 5) {
  const paths = [];
  look(bundle, shapeOf(versionOf(bundle), bundle.competition?.kind === "evaluation"), "", paths);
  return paths.slice(0, most);
}

function look(value, shape, path, paths) {
  if (shape === ANY || value === null || value === undefined) return;
  if (shape instanceof Set) {
    if (!shape.has(value)) paths.push(path);
  } else if (shape.list instanceof Set) {
    if (!Array.isArray(value) && !shape.list.has(value)) paths.push(path);
  } else if (shape.kinds) {
    if (!shape.kinds.has(shape.kindOf(value))) paths.push(path);
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) paths.push(path);
    else value.forEach((item, at) => look(item, shape[0], `${path}[${at}]`, paths));
  } else if (typeof value !== "object" || Array.isArray(value)) {
    paths.push(path);
  } else {
    for (const name of Object.keys(value)) {
      const place = path ? `${path}.${name}` : name;
      if (name in shape) look(value[name], shape[name], place, paths);
      else paths.push(place);
    }
  }
}
