// The field record: the contestant signs under what the judge wrote down.
// It is sent by this script and not by the browser, so that the page with all that was written and
// drawn on it stays where the line or the server fails.

import { block, parts, show } from "../shared/dom.js";
import { pad } from "./signing/pad.js";

const PATIENCE = 10_000;
const part = parts(document.body);

if (part.form) {
  const box = pad(part.pad, () => {
    part.drawing.value = box.signed ? JSON.stringify(box.drawing()) : "";
  });
  if (part.drawing.value) box.show(JSON.parse(part.drawing.value));
  part.again.addEventListener("click", () => box.clear());
  let sending = false;
  part.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    block(part.send, true);
    tell(null);
    const problem = await send(part.form).catch(() => "cut");
    sending = false;
    block(part.send, false);
    if (problem) tell(problem);
    else location.assign(location.pathname);
  });
}

/** Resolves with null once the server has the record, else with what is in the way. */
async function send(form) {
  const answer = await ask();
  const problem = obstacle(answer);
  if (problem) return problem;
  // The judge may have signed in again in another tab: this page's token is stale then.
  const name = "csrf_token";
  form.elements[name].value = answer.page.querySelector(`input[name=${name}]`)?.value
    ?? answer.page.querySelector('meta[name="csrf-token"]').content;
  const reply = await ask(new URLSearchParams(new FormData(form)));
  if (reply.status === 204) return null;
  if (reply.status === 200) return obstacle(reply) ?? "ill";
  const sentence = reply.page.querySelector(".messages .message");
  if (reply.status !== 400 || !sentence) return "ill";
  part.refusal.textContent = sentence.textContent.trim();
  return "refusal";
}

/** The page as the server gives it now, or its answer to the form; throws where none comes. */
async function ask(body) {
  const reply = await fetch(location.pathname + location.search, {
    method: body ? "POST" : "GET", body, cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    headers: body ? { Prefer: "return=minimal" } : {},
  });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return { status: reply.status, page };
}

/** Why the answer is not this judge's page, or null. */
function obstacle({ status, page }) {
  if (status !== 200) return "ill";
  return page.body.dataset.judge === document.body.dataset.judge ? null : "signin";
}

function tell(problem) {
  show(part.problem, problem !== null);
  for (const name of ["cut", "ill", "signin", "refusal"]) show(part[name], name === problem);
  if (problem) part.problem.scrollIntoView({ block: "nearest" });
}
