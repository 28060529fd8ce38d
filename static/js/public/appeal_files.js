// The files of an appeal: picked one after another, each with what became of it. They follow the
// words one by one, so that nothing that is long to send costs anybody the time limit.

import { clone, parts, press, show, write } from "../shared/dom.js";
import { smallerPhoto } from "../shared/smaller_photo.js";

const isPdf = (file) => file.type === "application/pdf";
const isFilm = (file) => file.type.startsWith("video/");
const nameFor = (file) => (isFilm(file) ? "film.mp4" : isPdf(file) ? "file.pdf" : "photo.jpg");

/** Send to an address; {url} to go on to, {problem} to be said, or {} where no answer came. */
export function sent(address, body, progress = () => {}) {
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

/**
 * The files picked in `field`, listed in `part.photos`; a film plays in `part.player`. `say` tells
 * what of a pick was not taken.
 */
export function pickedFiles(field, part, words, say) {
  let all = [];

  const firstFilm = () => all.find(({ file }) => isFilm(file));

  function draw() {
    part.photos.replaceChildren(...all.map(({ row }) => row));
    const film = firstFilm();
    show(part.film, Boolean(film));
    if (film && part.player.dataset.of !== film.picture) {
      part.player.dataset.of = film.picture;
      part.player.src = film.picture;
    }
  }

  function takeAway(entry) {
    all = all.filter((other) => other !== entry);
    URL.revokeObjectURL(entry.picture);
    draw();
  }

  function take(file, name) {
    const row = clone("t-appeal-file");
    const entry = { file, row, shown: parts(row), picture: URL.createObjectURL(file), state: "waiting" };
    write(entry.shown.name, name);
    if (isPdf(file) || isFilm(file)) entry.shown.image.remove();
    else entry.shown.image.src = entry.picture;
    press(entry.shown.away, () => takeAway(entry));
    press(entry.shown.again, () => entry.retry?.());
    all.push(entry);
  }

  async function pick() {
    const files = [...field.files];
    // The next pick is put with these, so that photos can be taken one after another.
    field.value = "";
    const fits = files.filter((file) => !isFilm(file) || file.size <= words.mostBytes);
    const taken = fits.slice(0, words.most - all.length);
    say(fits.length < files.length ? words.large : taken.length < fits.length ? words.many : "");
    const drawn = await Promise.all(taken.map(async (file) => (isPdf(file) || isFilm(file) ? null : await smallerPhoto(file)) ?? file));
    drawn.forEach((file, number) => { if (all.length < words.most) take(file, taken[number].name); });
    draw();
  }

  /** One file to where more is put with an appeal; whether it needs no more sending. */
  async function sendOne(entry, address, proof) {
    const body = new FormData();
    body.append("photos", entry.file, nameFor(entry.file));
    if (entry === firstFilm()) body.append("words", field.form.elements.instants.value.trim());
    for (const [name, value] of Object.entries(proof)) body.append(name, value);
    show(entry.shown.again, false);
    show(entry.shown.bar, true);
    write(entry.shown.said, words.going);
    const answer = await sent(address, body, (n) => { entry.shown.bar.value = n; });
    show(entry.shown.bar, false);
    entry.state = answer.url ? "there" : answer.problem ? "refused" : "lost";
    write(entry.shown.said, answer.url ? words.there : answer.problem ? words.refused.replace("{why}", answer.problem) : words.fileLost);
    show(entry.shown.again, entry.state === "lost");
  }

  /** All that is not there yet, one after another; `again` is called when one is to be retried. */
  async function send(address, proof, again) {
    for (const entry of all) {
      show(entry.shown.away, false);
      entry.retry = again;
    }
    for (const entry of all.filter(({ state }) => state === "waiting" || state === "lost")) {
      await sendOne(entry, address, proof);
    }
  }

  const count = (state) => all.filter((entry) => entry.state === state).length;

  field.addEventListener("change", pick);
  return { send, lost: () => count("lost"), refused: () => count("refused"), count: () => all.length };
}
