/* Keeps what is typed at a case as a draft, a moment after each change. Without it a button does. */
(function () {
  "use strict";
  var form = document.getElementById("case");
  var told = document.getElementById("draft");
  if (!form || !told || !window.fetch) {
    return;
  }
  var timer = 0;
  var sent = false;
  var underway = null; /* a keeping that a button overtakes is called off */

  function body() {
    return new URLSearchParams(new FormData(form));
  }

  function tell(words) {
    told.textContent = words;
  }

  function clock() {
    return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  }

  function keep() {
    timer = 0;
    underway = new AbortController();
    fetch(form.action, {
      method: "POST",
      body: body(),
      headers: { accept: "application/json" },
      keepalive: true,
      signal: underway.signal,
    })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.json();
      })
      .then(function (answer) {
        form.elements.draft.value = answer.draft;
        tell(form.dataset.kept.replace("{}", clock()) + (answer.changed ? " " + form.dataset.changed : ""));
      })
      .catch(function () {
        if (sent) {
          return;
        }
        tell(form.dataset.lost);
        told.setAttribute("role", "alert");
      });
  }

  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(keep, 1200);
  });
  form.addEventListener("submit", function () {
    sent = true;
    clearTimeout(timer);
    if (underway) {
      underway.abort();
    }
  });
  window.addEventListener("pageshow", function () {
    sent = false; /* somebody came back to it */
  });
  window.addEventListener("pagehide", function () {
    if (timer && !sent) {
      keep();
    }
  });
})();
