/* Remembers whether the reader chose day or night colours. Without it the device decides. */
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
  function now() {
    return root.getAttribute("data-theme") || (dark.matches ? "night" : "day");
  }
  document.addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector(".lamp");
    if (!button) {
      return;
    }
    function label() {
      button.textContent = button.getAttribute(now() === "day" ? "data-night" : "data-day");
    }
    button.addEventListener("click", function () {
      var next = now() === "day" ? "night" : "day";
      root.setAttribute("data-theme", next);
      try {
        localStorage.setItem("theme", next);
      } catch (error) {
        /* As above. */
      }
      label();
    });
    dark.addEventListener("change", label);
    label();
    button.hidden = false;
  });
})();
