// Codes read off a tablet's screen, by a hand scanner that types or by the camera:
// says which are still missing.

import { mayUseCamera, watch } from "../shared/camera.js";
import { parts, write } from "../shared/dom.js";

const CODE = /CA1 (\d{1,4})\/(\d{1,4}) ([0-9a-f]{8}) \S*/g;

/** {count, missing: numbers} of the codes in a text; null for none, "mixed" for two series. */
export function reading(text) {
  const matches = [...text.matchAll(CODE)];
  if (!matches.length) return null;
  if (new Set(matches.map(([, , count, sum]) => `${count} ${sum}`)).size > 1) return "mixed";
  const count = Number(matches[0][2]);
  const got = new Set(matches.map(([, number]) => Number(number)));
  const missing = Array.from({ length: count }, (_none, index) => index + 1).filter((number) => !got.has(number));
  return { count, missing };
}

const part = parts(document);
const field = document.getElementById("codes");
const words = parts(document.getElementById("t-words").content);
const say = (name, holes = {}) =>
  words[name].textContent.replace(/\{(\w+)\}/g, (_whole, key) => holes[key]);

function draw() {
  const state = reading(field.value);
  if (!state) return write(part.got, "");
  if (state === "mixed") return write(part.got, say("mixed"));
  const { count, missing } = state;
  return write(part.got, missing.length
    ? say("some", { count, got: count - missing.length, missing: missing.slice(0, 12).join(say("between")) })
    : say("all", { count }));
}

/** Add a code that the camera saw, once. */
function take(code) {
  if (!code.startsWith("CA1 ") || field.value.includes(code)) return;
  field.value = `${field.value.trimEnd()}\n${code}`.trimStart();
  draw();
}

function look() {
  part.camera.hidden = true;
  watch(part.video, {
    seen: take,
    trouble: (kind) => {
      part.camera.hidden = false;
      write(part.got, say(kind === "camera" ? "nocamera" : "noreader"));
    },
  });
}

field.addEventListener("input", draw);
part.camera.hidden = !mayUseCamera();
part.insecure.hidden = Boolean(globalThis.isSecureContext);
part.camera.addEventListener("click", look);
draw();
