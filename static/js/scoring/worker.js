// Works a published competition out again, beside the page, so that the page stays awake.
// Asked with the bytes of the two published files, it answers with what a page may say of them.

import { bytesText } from "../proof/encoding.js";
import { differences } from "./against.js";
import { explained } from "./explain.js";
import { unitWay } from "./labour_way.js";
import { unknownIn } from "./known.js";
import { worked } from "./score.js";

/**
 * {unknown} what the script can't work out, or {different, people, crewed, teams, units, standings} and
 * how the total of the contestant with this code, or those of the unit that is meant, came about.
 */
function answered(bundleBytes, resultsBytes, code) {
  const bundle = JSON.parse(bytesText(bundleBytes));
  const unknown = unknownIn(bundle);
  if (unknown.length) return { unknown };
  const { results: own, events, labour } = worked(bundle);
  const standings = own.events.flatMap((event) => event.standings ?? event.verdicts);
  return {
    way: code ? wayOf({ bundle, events, labour }, code) : null,
    different: differences(own, JSON.parse(bytesText(resultsBytes))),
    people: standings.length,
    crewed: [...new Set((bundle.entrants ?? []).map(({ members }) => Boolean(members?.length)))],
    teams: own.events.reduce((count, event) => count + (event.teams?.length ?? 0), 0),
    units: own.labour ? own.labour.periods[0].standings.length : 0,
    standings,
  };
}

const wayOf = ({ bundle, events, labour }, code) =>
  (labour ? unitWay(labour, bundle, code) : explained(events, code, bundle));

globalThis.addEventListener("message", ({ data: { bundle, results, code } }) => {
  const begun = performance.now();
  let answer;
  try {
    answer = answered(bundle, results, code);
  } catch (error) {
    answer = { failed: String(error) };
  }
  globalThis.postMessage({ ...answer, seconds: (performance.now() - begun) / 1000 });
});
