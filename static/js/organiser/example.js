// The example beside the rules: worked out anew by the server as one types or slides.

const WAIT = 250;
const SLOW = 1_000;
const PATIENCE = 15_000;
const form = document.getElementById("rules");
const place = document.getElementById("example");
let asked = 0;
let timer = null;

const part = (name) => place.querySelector(`[data-part=${name}]`);

/** Before there is anything to try nothing is said of it. */
function say(text) {
  const late = part("late");
  if (!late) return;
  late.textContent = text;
  late.hidden = !text;
}

/** What the form would send, but for files. */
function typed() {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

function tell(problems) {
  for (const input of place.querySelectorAll("input[id]")) {
    const line = document.getElementById(`${input.id}-error`);
    if (!line) continue;
    const problem = problems[input.name] ?? "";
    line.hidden = !problem;
    line.querySelector("span").textContent = problem;
    input.toggleAttribute("aria-invalid", Boolean(problem));
    if (problem) input.setAttribute("aria-invalid", "true");
  }
}

/** Where somebody types in the example its fields stay, and only what they come to changes. */
function show({ card, worked, problems, told: texts = {} }) {
  for (const [key, [head, lines]] of Object.entries(texts)) {
    document.querySelector(`[data-step="${key}"]`).innerHTML = head;
    document.querySelector(`[data-lines="${key}"]`).innerHTML = lines;
  }
  const open = part("worked")?.querySelector("details")?.open ?? false;
  const here = document.activeElement;
  // Another period asks for other values: then the fields are others too.
  const whole = "asksAnew" in (here?.dataset ?? {}) && part("card").contains(here);
  if (!whole && part("card").contains(here)) {
    part("worked").innerHTML = worked;
    tell(problems);
  } else {
    part("card").innerHTML = card;
    if (whole) document.getElementById(here.id)?.focus();
    slide();
  }
  const steps = part("worked")?.querySelector("details");
  if (steps) steps.open = open;
}

async function ask() {
  const mine = ++asked;
  const slow = setTimeout(() => say(place.dataset.slow), SLOW);
  const reply = await fetch(place.dataset.tryUrl, {
    method: "post", body: typed(), headers: { Accept: "application/json" },
    credentials: "same-origin", cache: "no-store", redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  clearTimeout(slow);
  if (mine !== asked) return;
  say(reply ? "" : place.dataset.failed);
  if (reply) show(reply);
}

function slide() {
  for (const range of place.querySelectorAll("input[data-slides]")) range.hidden = false;
}

// The rules of an evaluation have none.
if (place) document.addEventListener("input", ({ target }) => {
  const name = target.dataset?.slides;
  if (name) document.getElementById(name).value = target.value;
  else if (target.form !== form) return;
  else {
    const range = place.querySelector(`[data-slides="${CSS.escape(target.name)}"]`);
    if (range) range.value = target.value;
  }
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});

if (place) slide();
