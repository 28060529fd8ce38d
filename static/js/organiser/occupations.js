// Proposes occupations of the catalogue while one is typed. What is chosen fills the fields that
// the holder names, or a further line of its list; whatever else is typed stays as it is.

const WAIT = 200;
const PATIENCE = 8000;
const NO_CODE = "待核";
const USUAL_GRADES = "5,4,3,2,1";

async function ask(url, asked) {
  const address = new URL(url, location.href);
  for (const [key, text] of Object.entries(asked)) address.searchParams.set(key, text);
  return fetch(address, {
    headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
    redirect: "error", signal: AbortSignal.timeout(PATIENCE),
  }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
}

function put(field, text) {
  if (!field || field.value === text) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function propose(holder) {
  const { proposes: url, field: name, code, track, lines } = holder.dataset;
  const [input, codes, tracks, list] = [name, code, track, lines].map((id) => (id ? document.getElementById(id) : null));
  const options = holder.querySelector('[role="listbox"]');
  const hints = holder.querySelector("[aria-live]");
  if (!input || input.matches(":disabled")) return;
  options.id = `${name}-proposed`;
  input.closest(".field").append(options);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", options.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";
  let count = 0, questions = 0, timer = null, taking = false, stood = input.value;

  const rows = () => [...options.children];
  const current = () => rows().find((row) => row.getAttribute("aria-selected") === "true");

  function close() {
    count += 1;
    clearTimeout(timer);
    input.removeAttribute("aria-busy");
    options.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function select(row) {
    for (const option of rows()) option.setAttribute("aria-selected", String(option === row));
    if (!row) return;
    input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  function take(row) {
    const { name: occupation, code: known, track: chosen } = row.dataset;
    taking = true;
    if (list) {
      const line = `${known || NO_CODE} ${occupation} ${USUAL_GRADES}`;
      const before = list.value.replace(/\s+$/, "");
      put(list, before ? `${before}\n${line}` : line);
      put(input, "");
    } else {
      put(input, codes ? occupation : chosen || occupation);
      put(codes, known);
      // The 工种 of another occupation would stand there without sense.
      if (chosen || (stood && stood !== occupation)) put(tracks, chosen);
    }
    taking = false;
    close();
    tell();
  }

  async function look() {
    const mine = ++count;
    input.setAttribute("aria-busy", "true");
    const answer = input.value.trim() ? await ask(url, { q: input.value }) : null;
    if (mine !== count) return;
    input.removeAttribute("aria-busy");
    options.innerHTML = answer?.rows ?? "";
    options.hidden = !options.children.length;
    input.setAttribute("aria-expanded", String(!options.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  async function tell() {
    if (!hints) return;
    const mine = ++questions;
    const asked = { code: codes?.value ?? "", name: input.value };
    const answer = asked.code || asked.name ? await ask(url, asked) : { hints: "" };
    // An earlier question's answer may come after a later one's.
    if (!answer || mine !== questions) return;
    hints.innerHTML = answer.hints;
    return answer.code;
  }

  /** A name that stands once in the catalogue brings its code, where none is given. */
  async function complete() {
    const known = await tell();
    if (!known || !codes || codes.value) return;
    put(codes, known);
    tell();
  }

  input.addEventListener("input", () => {
    if (taking) return;
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    // A field that only finds sends no form.
    if (list && event.key === "Enter") event.preventDefault();
    if (options.hidden) return;
    const at = rows().indexOf(current());
    if (event.key === "ArrowDown") select(rows()[Math.min(at + 1, rows().length - 1)]);
    else if (event.key === "ArrowUp") select(rows()[Math.max(at - 1, 0)]);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) take(rows()[at]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("focus", () => { stood = input.value; });
  input.addEventListener("blur", close);
  input.addEventListener("change", complete);
  codes?.addEventListener("change", tell);
  // A press that began on a row must not take the focus away before it is chosen.
  options.addEventListener("pointerdown", (event) => event.preventDefault());
  options.addEventListener("click", (event) => {
    const row = event.target.closest('[role="option"]');
    if (row) take(row);
  });
}

const proposeAll = () => document.querySelectorAll("[data-proposes]").forEach(propose);
proposeAll();
document.addEventListener("typed:replaced", proposeAll);
