// Grades and honours: every rule tried on everybody ranked (the format's section “Grade rules”).

import { compare, over, times } from "../shared/exact.js";
import { passing } from "./awards.js";
import { number, readable, shortest, shown } from "./points.js";
import { peopleOf } from "./stage.js";

const HUNDRED = number(100);

/** By key of `when`, in the format's order: (wanted, field) → {wanted?, found(who), met(who)}. */
export const CONDITIONS = {
  levels: (wanted, { level }) => ({ found: () => level, met: () => wanted.includes(level) }),
  groups: (wanted) => ({
    found: ({ group }) => group,
    met: ({ group }) => wanted.includes(group),
  }),
  max_rank: (wanted, { rank }) => ({ found: rank, met: (who) => rank(who) <= wanted }),
  awards: (wanted, { award }) => ({ found: award, met: (who) => wanted.includes(award(who)) }),
  item({ code, max_rank: most }, { itemRank }) {
    const rankOf = (who) => itemRank(code, who);
    const met = (who) => rankOf(who) !== null && rankOf(who) <= most;
    return { wanted: { code, max_rank: most }, found: rankOf, met };
  },
  top_percent(wanted, { rank, ranked }) {
    const share = (who) => over(times(HUNDRED, number(rank(who))), number(ranked));
    const most = number(wanted);
    const met = (who) => compare(share(who), most) <= 0;
    return { wanted: shortest(most), found: (who) => readable(share(who)), met };
  },
  min_total(wanted, { total, places }) {
    const least = number(wanted);
    const met = (who) => compare(total(who), least) >= 0;
    return { wanted: shortest(least), found: (who) => shown(total(who), places), met };
  },
  pass_modules(wanted, { stages }) {
    const codes = Array.isArray(wanted) ? wanted : null;
    const asked = ({ entrant }) => passing(stages, entrant, wanted);
    const met = (who) => {
      const { met, failed } = asked(who);
      return !failed.size && (!codes || codes.every((code) => met.has(code)));
    };
    return { found: (who) => unmet(asked(who), codes), met };
  },
  once_a_year: (wanted, { year }) => ({
    found: ({ promoted }) => promoted,
    met: ({ promoted }) => promoted === null || promoted !== year,
  }),
  under: (wanted, { lineOf }) => ({
    found: ({ unit }) => unit,
    met: ({ unit }) => lineOf(unit).some((ancestor) => wanted.includes(ancestor)),
  }),
  holds({ at_least: least = null, at_most: most = null }) {
    const isEnough = (grade) => least === null || (grade !== null && grade <= least);
    const isLow = (grade) => most === null || grade === null || grade >= most;
    const given = Object.entries({ at_least: least, at_most: most });
    return {
      wanted: Object.fromEntries(given.filter(([, grade]) => grade !== null)),
      found: ({ grade }) => grade,
      met: ({ grade }) => isEnough(grade) && isLow(grade),
    };
  },
  min_ranked: (wanted, { ranked }) => ({ found: () => ranked, met: () => ranked >= wanted }),
};

/** Which codes were not passed: of the listed ones also those never taken part in. */
function unmet({ met, failed }, codes) {
  const missing = (codes ?? []).filter((code) => !met.has(code) && !failed.has(code));
  return [...new Set([...failed, ...missing])];
}

const isGiven = (wanted) => wanted != null && wanted !== false && wanted.length !== 0;

function checkedRule(rule, field) {
  const when = rule.when ?? {};
  const checks = Object.entries(CONDITIONS)
    .filter(([key]) => isGiven(when[key]))
    .map(([key, make]) => ({ key, wanted: when[key], ...make(when[key], field) }));
  const roles = when.roles?.length ? when.roles : ["main"];
  const met = ({ role }) => roles.includes(role);
  const role = { key: "roles", wanted: roles, found: (who) => who.role, met };
  const holds = (who) => role.met(who) && checks.every((check) => check.met(who));
  const conditionsOf = ({ member }) => (when.roles?.length || member !== null ? [...checks, role] : checks);
  return { rule, holds, conditionsOf };
}

/** The grade that a rule gives to who holds `present`, 6 being none; null where it gives none. */
function granted({ to, up, floor, ceiling, max_step: step }, present) {
  let grade = to ?? null;
  if (grade === null) {
    if (up == null) return null;
    grade = present - up;
    if (floor != null) grade = Math.min(grade, floor);
    grade = Math.max(grade, ceiling ?? 1);
  }
  return step == null ? grade : Math.max(grade, present - step);
}

const reasonsOf = (rules, who) => rules.map(({ rule, holds, conditionsOf }) => ({
  rule: rule.code,
  "held": holds(who),
  conditions: conditionsOf(who).map(({ key, wanted, found: valueOf, met }) =>
    ({ key, wanted, found: valueOf(who), "held": met(who) })),
}));

/** {grades, honours} as published. */
export function gradesOf(event, people, finals, field) {
  const rules = event.grades.map((rule) => checkedRule(rule, field));
  const grades = [];
  const honours = [];
  for (const code of finals.order) {
    for (const who of peopleOf(people.get(code))) {
      const own = { entrant: code, ...(who.member === null ? {} : { member: who.member }) };
      const holding = rules.filter(({ holds }) => holds(who));
      const present = who.grade ?? 6;
      const titles = new Set();
      let best = null;
      for (const { rule } of holding) {
        for (const title of rule.grant.titles ?? []) {
          if (!titles.has(title)) honours.push({ ...own, title, rule: rule.code });
          titles.add(title);
        }
        const grade = granted(rule.grant, present);
        if (grade !== null && (!best || grade < best.grade)) best = { grade, rule: rule.code };
      }
      if (!best) continue;
      const isHigher = best.grade < present;
      const grade = isHigher ? best.grade : who.grade;
      const change = isHigher ? "promoted" : "kept";
      grades.push({ ...own, grade, rule: best.rule, change, reasons: reasonsOf(rules, who) });
    }
  }
  return { grades, honours };
}
