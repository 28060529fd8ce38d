// The page of a refusal, and of signing in again: what was typed waits in this window.

import { cameBack } from "./kept_form.js";

if (cameBack()) for (const line of document.querySelectorAll("[data-part=kept]")) line.hidden = false;
