/* Keeps what was typed until the service has answered: in this tab, on this device, for nobody
   else. The page for a service that is away reads it; any page of the service forgets it. */
(function () {
  "use strict";
  var NAME = "words ";
  function forget() {
    Object.keys(sessionStorage).forEach(function (key) {
      if (key.indexOf(NAME) === 0) {
        sessionStorage.removeItem(key);
      }
    });
  }
  function keep(event) {
    var form = event.target;
    var button = event.submitter;
    if (form.method !== "post" || form.querySelector("[type=password]")) {
      return;
    }
    var pairs = Array.from(new FormData(form)).filter(function (pair) {
      return typeof pair[1] === "string";
    });
    if (button && button.name) {
      pairs.push([button.name, button.value]);
    }
    var address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    try {
      sessionStorage.setItem(NAME + new URL(address).pathname, JSON.stringify(pairs));
    } catch (error) {
      /* Storage may be closed or full; the browser can still send the form again. */
    }
  }
  document.addEventListener("submit", keep);
  try {
    if (document.currentScript.dataset.answered !== undefined) {
      forget();
    }
  } catch (error) {
    /* As above. */
  }
})();
