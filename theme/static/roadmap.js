/* Chooses among the roadmap's items on the spot. Without it each link is a page of its own. */
(function () {
  "use strict";
  var rows = document.querySelectorAll("[data-filter]");
  var found = document.querySelector(".found");
  var items = document.querySelectorAll("[data-item]");
  if (!rows.length || !found || document.querySelector("[data-filter] [aria-current]")) {
    return; /* a page that has chosen already holds only its own items */
  }
  var chosen = {};

  function matches(item) {
    return Object.keys(chosen).every(function (sort) {
      return !chosen[sort] || (" " + item.getAttribute("data-" + sort) + " ").indexOf(" " + chosen[sort] + " ") >= 0;
    });
  }

  function show() {
    var count = 0;
    items.forEach(function (item) {
      item.hidden = !matches(item);
      count += item.hidden ? 0 : 1;
    });
    document.querySelectorAll(".row").forEach(function (row) {
      row.hidden = !row.querySelector("[data-item]:not([hidden]), .item") || (!row.querySelector("[data-item]") && count < items.length);
    });
    rows.forEach(function (row) {
      row.querySelectorAll("[data-key]").forEach(function (link) {
        var key = link.getAttribute("data-key");
        if (key === (chosen[row.getAttribute("data-filter")] || "")) {
          link.setAttribute("aria-current", "true");
        } else {
          link.removeAttribute("aria-current");
        }
      });
    });
    var words = count === 1 ? "one" : count ? "many" : "none";
    found.textContent = found.getAttribute("data-" + words).replace("{}", count);
  }

  rows.forEach(function (row) {
    row.addEventListener("click", function (event) {
      var link = event.target.closest("[data-key]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) {
        return;
      }
      event.preventDefault();
      chosen[row.getAttribute("data-filter")] = link.getAttribute("data-key");
      show();
    });
  });
})();
