// Seals and openings read off the parties' phones: by the camera, a hand scanner that types, or
// pasted. Nothing is handed in by itself: the form is filled, and somebody presses its button.

import { hashWords } from "../draw/hash_words.js";
import { readShareCode } from "../draw/share_code.js";
import { mayUseCamera, watch } from "../shared/camera.js";
import { parts, press, show, write } from "../shared/dom.js";

const part = parts(document);
const form = document.getElementById("take-code");
const words = parts(document.getElementById("t-words").content);
const say = (name, holes = {}) =>
  write(part.said, words[name].textContent.replace(/\{(\w+)\}/g, (_whole, key) => holes[key]));

/** Fill the form with what a code says, or say why not; whether the text was a code at all. */
function take(text) {
  const code = readShareCode(text);
  if (!code) return false;
  const { wants, ceremony, number } = part.reader.dataset;
  write(part.words, "");
  const fields = form.elements;
  if (code.ceremony !== ceremony || String(code.number) !== number) say("other", code);
  else if (code.kind !== wants) say(wants === "seal" ? "early" : "late");
  else if (code.kind === "seal") {
    fields.namedItem("name").value = code.name;
    fields.namedItem("seal").value = code.seal;
    write(part.words, hashWords(code.seal));
    say("sealed", code);
  } else {
    const choice = fields.namedItem("name");
    const known = [...choice.options].find(({ value }) => value === code.name);
    if (!known) say("stranger", code);
    else {
      choice.value = code.name;
      fields.namedItem("share").value = code.share;
      fields.namedItem("key").value = code.key;
      say("opened", code);
    }
  }
  return true;
}

/** Text that came into a field at once: a code that was pasted or typed by a scanner. */
function typed({ target }) {
  if (!target.value.trimStart().startsWith("CD1 ") || !target.value.trimEnd().endsWith("}")) return;
  const text = target.value;
  target.value = "";
  if (!take(text)) target.value = text;
}

function look() {
  show(part.camera, false);
  write(part.said, "");
  const stop = watch(part.video, {
    seen: (text) => {
      if (!take(text)) return say("none");
      stop();
      show(part.video, false);
      show(part.camera, true);
      return form.querySelector("button").focus();
    },
    trouble: (kind) => {
      show(part.camera, true);
      say(kind === "camera" ? "nocamera" : "noreader");
    },
  });
}

if (form) {
  form.addEventListener("input", typed);
  show(part.camera, mayUseCamera());
  show(part.insecure, !globalThis.isSecureContext);
  press(part.camera, look);
}
