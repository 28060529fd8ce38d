// Tablet pages without marks to send: the menu and the light switch.

import { menus } from "./menus.js";
import { themeSwitch } from "./theme.js";

menus();
themeSwitch();
