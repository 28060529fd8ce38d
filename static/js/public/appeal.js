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

const isPdf = (file) => file.type === "application/pdf";
const isFilm = (file) => file.type.startsWith("video/");

/** Send to an address; {url} to go on to, {problem} to be said, or {} where no answer came. */
function sent(address, body, progress = () => {}) {
  return new Promise((resolve) => {
    const call = new XMLHttpRequest();
    call.open("POST", address);
    call.responseType = "json";
    call.setRequestHeader("X-Requested-With", "fetch");
    call.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? Math.floor((loaded * 100) / total) : 0));
    call.addEventListener("loadend", () => resolve(call.response ?? {}));
    call.send(body);
  });
}

/** The form's fields, with these photos and PDFs instead of the files that were chosen. */
function fields(wanted, photos) {
  const body = new FormData(wanted);
  body.delete("photos");
  for (const [number, photo] of photos.entries()) body.append("photos", photo, `${number + 1}.${isPdf(photo) ? "pdf" : "jpg"}`);
  return body;
}

/** 0:31 of so many seconds. */
const length = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function begin() {
  const part = parts(form);
  const steps = [...form.querySelectorAll("[data-step]")];
  const clock = document.getElementById("appeal-clock");
  const dial = parts(clock);
  const ahead = new Date(clock.dataset.now) - Date.now();
  let photos = [];
  let films = [];
  let filed = null;
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
    write(part["read-photos"], photos.length + films.length ? filled(words.photos, { n: photos.length + films.length }) : words.none);
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
    show(clock, Boolean(until) && !filed);
    if (!until || filed) return;
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
    if (!filed) {
      const answer = await sent(form.action, fields(form, photos));
      if (!answer.url) {
        sending = false;
        write(part.next, words.next[2]);
        complain(answer.problem ?? words.lost);
        return;
      }
      keep(null);
      filed = answer;
    }
    // The words are in, whatever the time; what is long to send follows.
    while (films.length) {
      const answer = await sent(filed.add, beside(films[0]), (n) => write(part.next, filled(words.film, { n })));
      if (!answer.url) {
        sending = false;
        write(part.next, words.again);
        complain(answer.problem ? filled(words.filmNot, { why: answer.problem }) : words.filmLost);
        show(part.back, false);
        part.onward.firstElementChild.href = filed.url;
        show(part.onward, true);
        return;
      }
      films.shift();
    }
    location.assign(filed.url);
  }

  /** A film with its instants, and who sends it. */
  function beside(film) {
    const body = new FormData();
    body.append("photos", film, "film.mp4");
    body.append("words", value("instants"));
    for (const name of ["last_four", "csrf_token"]) {
      if (form.elements[name]) body.append(name, form.elements[name].value);
    }
    return body;
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
  press(part.mark, () => {
    const field = form.elements.instants;
    const before = field.value.trimEnd();
    field.value = `${before}${before ? "\n" : ""}${length(part.player.currentTime)} `;
    part.player.pause();
    field.focus();
  });
  form.elements.photos.addEventListener("change", async () => {
    const files = [...form.elements.photos.files];
    const large = files.some((file) => isFilm(file) && file.size > words.mostBytes);
    complain(large ? words.large : files.length > words.most ? words.many : "");
    films = files.slice(0, words.most).filter((file) => isFilm(file) && file.size <= words.mostBytes);
    show(part.film, films.length > 0);
    if (films.length) part.player.src = URL.createObjectURL(films[0]);
    photos = await Promise.all(files.slice(0, words.most).filter((file) => !isFilm(file)).map(async (file) => (isPdf(file) ? null : await smallerPhoto(file)) ?? file));
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
// What is put with an appeal later: told before it is sent in vain.
for (const field of document.querySelectorAll("input[data-most]")) {
  field.addEventListener("change", () => {
    const all = [...field.files].reduce((sum, file) => sum + file.size, 0);
    field.setCustomValidity(all > Number(field.dataset.most) ? field.dataset.large : "");
    field.reportValidity();
  });
}
const place = document.getElementById("appeal-kept");
if (place && kept().matter) {
  write(place.querySelector("[data-part=kept]"), kept().matter);
  show(place, true);
}
