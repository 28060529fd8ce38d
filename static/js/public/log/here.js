// On a contestant's page: the steps of /log/check/CODE come into this very page, with their
// script, once somebody asks for them. Without script the link leads to the page of its own.

import { fetchedOrKept } from "./kept.js";
import { block, parts, press, show, write } from "../../shared/dom.js";

const page = parts(document);

/** Everything of the other page's main part, then its data and its script. */
async function bring() {
  const { answer } = await fetchedOrKept(page.prove.href);
  if (answer.status === 404) {
    // Nothing is announced any more: that page says why.
    location.assign(page.prove.href);
    return;
  }
  if (!answer.ok) throw new TypeError(`${answer.status}`);
  const other = new DOMParser().parseFromString(await answer.text(), "text/html");
  const source = other.querySelector("script[type=module]").getAttribute("src");
  const card = page.prove.closest("section");
  card.after(...other.querySelectorAll("main > *:not(noscript, .messages)"));
  const words = other.getElementById("words");
  if (words) document.body.append(words);
  const script = document.createElement("script");
  script.type = "module";
  script.src = source;
  document.body.append(script);
  show(page["prove-says"], false);
  show(page.prove.parentElement, false);
  card.nextElementSibling.scrollIntoView({ block: "start" });
}

press(page.prove, async (event) => {
  event.preventDefault();
  block(page.prove, true);
  write(page["prove-says"], page["prove-says"].dataset.wait);
  try {
    await bring();
  } catch {
    write(page["prove-says"], page["prove-says"].dataset.failed);
    block(page.prove, false);
  }
});
