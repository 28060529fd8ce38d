/* Says in words that a browser is older than the scripts are written for (Chrome 80).
   Plain ES5, which every browser reads; it is loaded before a page's own script. */
(function () {
  "use strict";
  function tell() {
    var words = document.getElementById("too-old");
    var chip = document.querySelector('[data-part="chip-words"]');
    if (!words) return;
    words.setAttribute("role", "alert");
    words.removeAttribute("hidden");
    if (chip) chip.textContent = words.getAttribute("data-chip");
  }
  /* One that knows no modules passes over them and says nothing. */
  if (!("noModule" in document.createElement("script"))) tell();
  window.addEventListener("error", function (event) {
    if (/SyntaxError/.test(event.message)) tell();
  });
}());
