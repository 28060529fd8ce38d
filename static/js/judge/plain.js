// Tablet pages without marks to send: the menu and the light switch.

import { menus } from "../shared/menus.js";
import { keptForm } from "../shared/kept_form.js";
import { themeSwitch } from "../shared/theme.js";

menus();
themeSwitch();
keptForm();
