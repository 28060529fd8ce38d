// Entering oneself from a phone: what is typed is kept on the phone for a week, sent by fetch so
// that a lost network keeps the page, and what is wrong stands beside its field.

import { inWords, pageData, parts, press, show, write } from "../shared/dom.js";
import { smallerPhoto } from "../shared/smaller_photo.js";

const DAYS = 7;
const SLOW = 6_000;
const PATIENCE = 90_000;
const words = pageData("enter-words");
const form = document.getElementById("enter");

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Keep something; false where the browser keeps nothing (private windows). */
function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Drafts of whatever form that are older than may be. */
function sweep() {
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith("enter:"))) {
      if (!(Date.now() - read(key)?.at < DAYS * 86_400_000)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing is kept here at all.
  }
}

function begin() {
  const part = parts(form);
  const button = form.querySelector("button[type=submit]");
  const label = button.querySelector("span");
  const says = label.textContent;
  const version = form.elements.version?.value ?? "";
  const key = `enter:${new URL(form.action).pathname}:${version}`;
  const fields = [...form.elements].filter((field) => field.name && !["file", "hidden"].includes(field.type));
  let photo = null;
  let sending = false;

  const place = (name) => form.querySelector(`[data-field="${name}"]`);

  /** What depends on a choice: the unit's name in full, gender and birth of other papers. */
  function follow() {
    if (form.elements.other_unit) show(place("other_unit"), form.elements.unit.value === form.dataset.otherUnit);
    const isFirstPaper = form.elements.paper.value === form.dataset.firstPaper;
    for (const name of ["gender", "birth"]) show(place(name), !isFirstPaper);
  }

  function save() {
    const draft = { at: Date.now(), link: form.elements.link?.value, fields: Object.fromEntries(fields.map((field) => [field.name, field.value])) };
    const kept = keep(key, draft);
    show(part.saved, kept);
    show(part.wipe, kept);
  }

  function complain(text) {
    part.problem.replaceChildren();
    if (!text) return;
    const line = document.getElementById("t-problem").content.firstElementChild.cloneNode(true);
    const slot = [...line.querySelectorAll("*")].find((element) => !element.children.length && element.textContent.trim() === "·") ?? line;
    write(slot, text);
    part.problem.append(line);
  }

  /** Say beside each field what is wrong in it, and go to the first. */
  function mark(problems) {
    for (const old of form.querySelectorAll(".field-error")) old.remove();
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    const wrong = [];
    for (const [name, text] of Object.entries(problems ?? {})) {
      const field = form.elements[name];
      if (!field?.id) continue;
      const line = document.getElementById("t-field-error").content.firstElementChild.cloneNode(true);
      line.id = `${field.id}-error`;
      write(line.querySelector("span"), text);
      show(place(name), true);
      const fold = field.closest("details");
      if (fold) fold.open = true;
      field.after(line);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", [line.id, document.getElementById(`${field.id}-hint`)?.id].filter(Boolean).join(" "));
      wrong.push(field);
    }
    wrong.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0]?.focus();
  }

  async function sent() {
    const body = new FormData(form);
    if (photo) body.set("photo", photo, "photo.jpg");
    const stop = new AbortController();
    const slow = setTimeout(() => write(label, words.slow), SLOW);
    const over = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: stop.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
      return { problem: words.lost };
    } catch {
      return { problem: navigator.onLine ? words.lost : words.gone };
    } finally {
      clearTimeout(slow);
      clearTimeout(over);
    }
  }

  async function submit() {
    if (sending) return;
    sending = true;
    save();
    complain("");
    write(label, words.sending);
    const answer = await sent();
    sending = false;
    write(label, says);
    if (answer.url) {
      keep(key, null);
      location.assign(answer.url);
      return;
    }
    mark(answer.problems);
    complain(answer.problem);
    if (!Object.keys(answer.problems ?? {}).length) part.problem.scrollIntoView({ block: "center" });
  }

  const before = read(key);
  const refused = form.querySelector(".field-error, .message.bad");
  if (before?.fields && !refused && fields.some((field) => (before.fields[field.name] ?? field.value) !== field.value)) {
    if (before.link && form.elements.link) form.elements.link.value = before.link;
    for (const field of fields) {
      const value = before.fields[field.name];
      if (value !== undefined && (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value))) field.value = value;
    }
    for (const fold of form.querySelectorAll("details")) fold.open = [...fold.querySelectorAll("input, select")].some((input) => input.value);
    show(part.kept, true);
    show(part.wipe, true);
  }
  follow();
  form.addEventListener("input", () => { follow(); save(); });
  form.addEventListener("change", () => { follow(); save(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  press(part.wipe.querySelector("button"), () => {
    keep(key, null);
    location.reload();
  });
  // What is no picture shows none; the answer says why it is not taken.
  part.picture.addEventListener("error", () => show(part.picture, false));
  form.elements.photo.addEventListener("change", async () => {
    const [file] = form.elements.photo.files;
    photo = file ? await smallerPhoto(file) : null;
    if (file) part.picture.src = URL.createObjectURL(photo ?? file);
    show(part.picture, Boolean(file) || part.picture.hasAttribute("src"));
  });
  // Back from the next page: what stood here was handed in, and the next form is another's.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

/** What this phone handed in, so that a link that nobody kept is found again. */
const mine = (code) => (read(`entered:${code}`) ?? []).filter((entry) => typeof entry?.url === "string" && entry.url.startsWith("/r/"));

function remember(place) {
  const { arrived, code } = place.dataset;
  const url = new URL(arrived).pathname;
  keep(`entered:${code}`, [...mine(code).filter((entry) => entry.url !== url), { url, at: Date.now() }].slice(-20));
}

function offer(place) {
  const list = place.querySelector("ul");
  for (const { url, at } of mine(place.dataset.code)) {
    const line = document.createElement("li");
    const way = document.createElement("a");
    way.href = url;
    way.textContent = inWords(at, { dateStyle: "medium", timeStyle: "short" });
    line.append(way);
    list.append(line);
  }
  show(place, Boolean(list.children.length));
}

sweep();
if (form) begin();
const entered = document.getElementById("entered");
if (entered) offer(entered);
const arrived = document.querySelector("[data-arrived]");
if (arrived) remember(arrived);
const copy = document.querySelector("[data-part=copy]");
if (copy && navigator.clipboard) {
  show(copy, true);
  press(copy, async () => {
    await navigator.clipboard.writeText(document.querySelector("[data-part=link]").href);
    write(copy.querySelector("span"), copy.dataset.done);
  });
}
