// What every desk page does beyond plain links and forms.

import { altDigits } from "./alt_digits.js";
import { expandable } from "./expand.js";
import { neighbours } from "./neighbours.js";
import { savedAsTyped } from "./typed/page.js";
import { menus } from "../shared/menus.js";
import { labelledTables } from "../shared/tables.js";
import { keptForm } from "../shared/kept_form.js";
import { themeSwitch } from "../shared/theme.js";
import { wholeChoices } from "../shared/whole_choice.js";
import { wholeTexts } from "../shared/whole_texts.js";

altDigits();
menus();
themeSwitch();
expandable();
neighbours();
labelledTables();
wholeChoices();
keptForm();
wholeTexts();
savedAsTyped();

// One press, one post: a second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
