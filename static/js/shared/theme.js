// Light and dark by a switch; a tablet's page follows the system until somebody chooses.
// The choice is a cookie, so that the next page comes out of the server as it should look and never
// flashes.

const YEAR = 31536000;

const isDark = (theme) => theme === "dark"
  || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);

/** Wire every [data-theme-switch] button of the page. */
export function themeSwitch(root = document) {
  const page = document.documentElement;
  for (const button of root.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = isDark(page.dataset.theme) ? "light" : "dark";
      page.dataset.theme = theme;
      document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
    });
  }
}
