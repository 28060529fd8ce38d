// First on the page that proves, in words that every browser reads: whether this one reads the
// rest. Where the page's own script runs it says itself how far it came. Where it never began,
// the browser is too old for how it is written, unless the script was not to be had.
(function () {
  "use strict";

  var isLost = false;

  function part(name) {
    return document.querySelector('[data-part="' + name + '"]');
  }

  function tell(verdict) {
    part("working").hidden = true;
    part(verdict).hidden = false;
    if (verdict === "unable") part("by-computer").hidden = false;
  }

  // What could not be fetched is told to the element alone, on the way down to it.
  window.addEventListener("error", function (event) {
    if (event.target && event.target.tagName === "SCRIPT") isLost = true;
  }, true);

  window.addEventListener("load", function () {
    if (document.documentElement.getAttribute("data-proving")) return;
    if (!isLost) return tell("unable");
    part("unknown-text").textContent = part("unknown-text").getAttribute("data-lost");
    tell("unknown");
  });
})();
