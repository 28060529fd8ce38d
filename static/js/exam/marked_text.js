// A question's text: line breaks, raised and lowered signs, formulas and pictures, and nothing else.

import { _ } from "../shared/words.js";

const PARTS = /<(sub|sup)>(.*?)<\/\1>|<math>(.*?)<\/math>|<img name="([^"]*)"\/>|\n/gs;

const plain = (text) => text.replace(/&lt;/g, "<").replace(/&amp;/g, "&");

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = plain(text);
  return made;
}

function picture(name, media) {
  const kept = media?.[name];
  if (!kept) return element("i", `[${_("图 %(name)s", { name })}]`);
  const image = document.createElement("img");
  image.src = `data:${kept.type};base64,${kept.data}`;
  image.alt = _("图 %(name)s", { name });
  return image;
}

/** Put a marked text into an element; media: its pictures by name. */
export function writeMarked(root, text, media) {
  const nodes = [];
  let end = 0;
  for (const mark of text.matchAll(PARTS)) {
    const [whole, raised, inner, formula, name] = mark;
    nodes.push(plain(text.slice(end, mark.index)));
    end = mark.index + whole.length;
    if (raised) nodes.push(element(raised, inner));
    else if (formula !== undefined) nodes.push(element("code", formula));
    else if (name !== undefined) nodes.push(picture(name, media));
    else nodes.push(document.createElement("br"));
  }
  root.replaceChildren(...nodes, plain(text.slice(end)));
}
