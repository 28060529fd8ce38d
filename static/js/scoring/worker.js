// Works a published competition out again, beside the page, so that the page stays awake.
// Asked with the bytes of the two published files, it answers with what a page may say of them.

import { bytesText } from "../proof/encoding.js";
import { differences } from "./against.js";
import { unknownIn } from "./known.js";
import { scored } from "./score.js";

/** {unknown} what the script can't work out, or {different, people, teams, units}. */
function worked(bundleBytes, resultsBytes) {
  const bundle = JSON.parse(bytesText(bundleBytes));
  const unknown = unknownIn(bundle);
  if (unknown.length) return { unknown };
  const own = scored(bundle);
  const standings = own.events.flatMap((event) => event.standings);
  return {
    different: differences(own, JSON.parse(bytesText(resultsBytes))),
    people: standings.length,
    teams: own.events.reduce((count, event) => count + (event.teams?.length ?? 0), 0),
    units: own.labour ? own.labour.periods[0].standings.length : 0,
    standings,
  };
}

globalThis.addEventListener("message", ({ data: { bundle, results } }) => {
  const begun = performance.now();
  let answer;
  try {
    answer = worked(bundle, results);
  } catch (error) {
    answer = { failed: String(error) };
  }
  globalThis.postMessage({ ...answer, seconds: (performance.now() - begun) / 1000 });
});
