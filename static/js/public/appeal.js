// An appeal on a phone: step by step, the words kept on the phone at each pause, the server's
// clock on top. Sent by fetch, so that a lost network keeps the page and all that is on it.

import { pageData, parts, press, show, write } from "../shared/dom.js";
import { smallerPhoto } from "../shared/smaller_photo.js";

const words = pageData("appeal-words");
const form = document.getElementById("appeal");
const key = `appeal:${location.pathname}`;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

/** Keep the words; false where the browser keeps nothing (private windows). */
function keep(draft) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** Send a form; {url} to go on to, or {problem} to be said. */
const isPdf = (file) => file.type === "application/pdf";

async function sent(wanted, photos) {
  const body = new FormData(wanted);
  if (photos) {
    body.delete("photos");
    for (const [number, photo] of photos.entries()) body.append("photos", photo, `${number + 1}.${isPdf(photo) ? "pdf" : "jpg"}`);
  }
  try {
    const answer = await fetch(wanted.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
    return { problem: words?.lost ?? "" };
  } catch {
    return { problem: words?.lost ?? "" };
  }
}

function begin() {
  const part = parts(form);
  const steps = [...form.querySelectorAll("[data-step]")];
  const clock = document.getElementById("appeal-clock");
  const dial = parts(clock);
  const ahead = new Date(clock.dataset.now) - Date.now();
  let photos = [];
  let at = 0;
  let sending = false;

  const value = (name) => form.elements[name]?.value?.trim() ?? "";
  const chosen = () => form.querySelector("input[name=item]:checked");
  const complain = (text) => {
    write(part.problem, text);
    show(part.problem, Boolean(text));
    if (text) part.problem.scrollIntoView({ block: "center" });
  };

  function draw() {
    steps.forEach((step, number) => { step.hidden = number !== at; });
    [...part.steps.children].forEach((step, number) => {
      step.classList.toggle("done", number < at);
      step.classList.toggle("now", number === at);
    });
    write(part.next, words.next[at]);
    show(part.back, at > 0);
    write(part.chosen, chosen() ? `${chosen().dataset.name} · ` : "");
    if (at < 2) return;
    const kind = form.querySelector("input[name=kind]:checked");
    write(part["read-item"], chosen()?.dataset.name ?? "");
    write(part["read-kind"], kind?.nextElementSibling.textContent ?? "");
    write(part["read-matter"], value("matter"));
    write(part["read-photos"], photos.length ? filled(words.photos, { n: photos.length }) : words.none);
  }

  /** What is lacking on a step, or "". */
  function lacking(step) {
    if (step === 0) return chosen() ? "" : words.choose;
    if (step === 1) {
      if (!value("kind")) return words.kind;
      return value("matter").length < 5 ? words.matter : "";
    }
    return form.elements.last_four && !value("last_four") ? words.four : "";
  }

  function go(to) {
    at = to;
    complain("");
    draw();
    steps[at].querySelector("h2").focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  function tick() {
    const next = [...form.querySelectorAll("input[name=item]:enabled")]
      .filter((each) => each.dataset.until).sort((a, b) => new Date(a.dataset.until) - new Date(b.dataset.until))[0];
    const { until, at: shown } = (chosen()?.dataset.until ? chosen() : next)?.dataset ?? {};
    show(clock, Boolean(until));
    if (!until) return;
    const left = Math.floor((new Date(until) - (Date.now() + ahead)) / 1000);
    clock.classList.toggle("late", left < 600);
    if (left <= 0) {
      write(dial.left, words.over);
      write(dial.until, filled(words.overAt, { at: shown }));
      return;
    }
    const minutes = Math.floor(left / 60);
    const text = left < 60 ? filled(words.seconds, { n: left })
      : minutes < 120 ? filled(words.left, { n: minutes })
      : filled(words.hours, { h: Math.floor(minutes / 60), n: minutes % 60 });
    write(dial.left, text);
    write(dial.until, filled(words.until, { at: shown }));
  }

  function save() {
    const draft = { uuid: value("uuid"), item: chosen()?.value ?? "", kind: value("kind"), matter: form.elements.matter.value };
    show(part.saved, Boolean(draft.matter) && keep(draft));
  }

  async function submit() {
    const lack = [0, 1, 2].find((step) => lacking(step));
    if (lack !== undefined) {
      go(lack);
      complain(lacking(lack));
      return;
    }
    if (sending) return;
    sending = true;
    complain("");
    write(part.next, words.sending);
    const answer = await sent(form, photos);
    sending = false;
    if (answer.url) {
      keep(null);
      location.assign(answer.url);
      return;
    }
    write(part.next, words.next[2]);
    complain(answer.problem);
  }

  const before = kept();
  if (before.matter && !form.elements.matter.value) {
    form.elements.uuid.value = before.uuid || form.elements.uuid.value;
    form.elements.matter.value = before.matter;
    for (const [name, wanted] of [["item", before.item], ["kind", before.kind]]) {
      const field = [...form.querySelectorAll(`input[name=${name}]:enabled`)].find((each) => each.value === wanted);
      if (field) {
        field.checked = true;
        field.closest("details")?.setAttribute("open", "");
      }
    }
    show(part.saved, true);
  }
  form.noValidate = true;
  // What is wrong stands above the foot, on whichever step it is.
  form.insertBefore(part.problem, part.foot);
  show(part.steps, true);
  show(part.read, true);
  show(part.foot, true);
  show(part.submit, false);
  form.addEventListener("input", () => { save(); tick(); });
  form.addEventListener("change", () => { save(); tick(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  press(part.back, () => go(at - 1));
  press(part.next, () => {
    if (at === 2) submit();
    else if (lacking(at)) complain(lacking(at));
    else go(at + 1);
  });
  form.elements.photos.addEventListener("change", async () => {
    const files = [...form.elements.photos.files];
    complain(files.length > words.most ? words.many : "");
    photos = await Promise.all(files.slice(0, words.most).map(async (file) => (isPdf(file) ? null : await smallerPhoto(file)) ?? file));
    part.photos.replaceChildren(...photos.map((photo) => {
      const line = document.createElement("li");
      if (isPdf(photo)) {
        line.textContent = photo.name;
        return line;
      }
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(photo);
      picture.alt = "";
      line.append(picture);
      return line;
    }));
  });
  draw();
  tick();
  setInterval(tick, 1000);
}

if (form) begin();
const place = document.getElementById("appeal-kept");
if (place && kept().matter) {
  write(place.querySelector("[data-part=kept]"), kept().matter);
  show(place, true);
}
