/* Remembers whether the reader chose day or night colours. Without it the device decides. It runs
   before anything is painted, so that nothing flashes and nothing moves. */
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch (error) {
    /* Storage may be closed to us; the choice then lasts for one page. */
  }
  if (chosen === "day" || chosen === "night") {
    root.setAttribute("data-theme", chosen);
  }
  root.setAttribute("data-choice", ""); /* shows the button, which needs this script */
  document.addEventListener("click", function (event) {
    if (!event.target.closest(".lamp")) {
      return;
    }
    var now = root.getAttribute("data-theme") || (dark.matches ? "night" : "day");
    var next = now === "day" ? "night" : "day";
    root.setAttribute("data-theme", next);
    try {
      localStorage.setItem("theme", next);
    } catch (error) {
      /* As above. */
    }
  });
})();
