// A form that came too late: the sign-in had ended, or something was refused on a page of its
// own. What was typed stays in this window alone (sessionStorage) from the press of the button
// until the next page says that it arrived, and is put back into the form where it did not.
// Passwords, PINs, files and hidden fields are never kept; nor is anything for somebody else.

const KEY = "form";
const HOURS = 12;
const NOT_TYPED = ["hidden", "password", "file", "submit", "button", "image", "reset"];
const TICKED = ["checkbox", "radio"];

/** The account that is signed in on this page, or "". */
const owner = () => document.body.dataset.person ?? "";

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return kept && Date.now() - kept.at < HOURS * 3_600_000 ? kept : null;
  } catch {
    return null;
  }
}

function write(kept) {
  try {
    if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing, or no more: the form is sent all the same.
  }
}

const address = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
const typedIn = (form) => [...form.elements].filter((input) => input.name && !NOT_TYPED.includes(input.type) && !input.disabled);
/** Of one page and no other: they say nothing of what the form is about. */
const OF_THE_PAGE = ["csrf_token", "once"];
const hiddenOf = (form) => [...form.elements]
  .filter((input) => input.type === "hidden" && input.name && !OF_THE_PAGE.includes(input.name)).map((input) => `${input.name}=${input.value}`).sort().join("\n");

function fieldOf(input) {
  if (TICKED.includes(input.type)) return { name: input.name, value: input.value, ticked: input.checked };
  if (input.multiple) return { name: input.name, chosen: [...input.selectedOptions].map((option) => option.value) };
  return { name: input.name, value: input.value };
}

function keep(form) {
  const fields = typedIn(form).map(fieldOf);
  if (!fields.length || !owner()) return;
  const name = form.closest("section")?.querySelector("h1, h2, h3") ?? document.querySelector("main h1");
  write({ who: owner(), name: name?.textContent.trim() ?? document.title, action: address(form), page: location.pathname + location.search, about: hiddenOf(form), once: form.elements.once?.value, fields, at: Date.now() });
}

/** Put one field back; false where the form has no such field or choice. */
function putBack(field, among, seen) {
  const alike = among.filter((input) => input.name === field.name && (!("ticked" in field) || input.value === field.value));
  const mark = "ticked" in field ? `${field.name}=${field.value}` : field.name;
  const turn = seen.get(mark) ?? 0;
  seen.set(mark, turn + 1);
  const here = alike[turn];
  if (!here) return "ticked" in field ? !field.ticked : !field.value;
  if ("ticked" in field) here.checked = field.ticked;
  else if ("chosen" in field) for (const option of here.options) option.selected = field.chosen.includes(option.value);
  else {
    const before = here.value;
    here.value = field.value;
    if (here.value !== field.value) {
      here.value = before;
      return false;
    }
  }
  for (const kind of ["input", "change"]) here.dispatchEvent(new Event(kind, { bubbles: true }));
  return true;
}

function say(template) {
  const line = document.getElementById(template)?.content.firstElementChild.cloneNode(true);
  if (line) document.getElementById("main").prepend(line);
  return line;
}

function fill(form, kept) {
  const among = typedIn(form);
  const seen = new Map();
  // It may have arrived after all, its answer lost: the same key makes it the same form.
  if (kept.once && form.elements.once) form.elements.once.value = kept.once;
  const lost = kept.fields.filter((field) => !putBack(field, among, seen));
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const line = say("kept-form");
  if (!line) return;
  if (!form.id) form.id = "kept-here";
  line.querySelector("a").href = `#${form.id}`;
  const list = line.querySelector("ul");
  for (const { value, chosen } of lost) {
    const item = document.createElement("li");
    item.textContent = value ?? chosen.join(" ");
    list.append(item);
  }
  line.querySelector("[data-part=kept-lost]").hidden = !lost.length;
}

/** Of a competition's page, /desk/CODE or /unit/CODE. */
const competition = (path) => /^\/(desk|unit|labour-entry)\/[^/?]+(?=\/)/.exec(path)?.[0] ?? "";

function offer(kept) {
  // Who works on another competition by now is told as soon as they come back.
  const here = competition(location.pathname);
  if (here && here !== competition(kept.page)) return;
  const line = say("kept-elsewhere");
  if (!line) return;
  line.querySelector("[data-part=kept-name]").textContent = kept.name ?? "";
  line.querySelector("a").href = kept.page;
  line.querySelector("button").addEventListener("click", () => {
    write(null);
    line.remove();
  });
}

/** On a page that tells of a refusal: what was sent last did not arrive. Whether something is kept. */
export function cameBack() {
  const kept = read();
  if (kept) write({ ...kept, back: true });
  return Boolean(kept);
}

/** On a page with forms: keep what is sent from here, and put back what did not arrive. */
export function keptForm() {
  const kept = read();
  if (!kept?.back || kept.who !== owner()) write(null);
  else {
    const alike = [...document.forms].filter((form) => form.method === "post" && address(form) === kept.action);
    const form = alike.find((candidate) => hiddenOf(candidate) === kept.about) ?? (alike.length === 1 ? alike[0] : null);
    if (form) {
      write(null);
      fill(form, kept);
    } else offer(kept);
  }
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post" && !event.defaultPrevented) keep(event.target);
  });
}
