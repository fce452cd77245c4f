/* Keeps what was typed until the service has answered: in this tab, on this device, for nobody
   else. The page for a service that is away reads it; any page of the service forgets it. What was
   typed goes along to the same page in another language, too; and it stands there again after Back
   where a page is kept by no browser, since somebody's words are printed on it. */
(function () {
  "use strict";
  var NAME = "words ";
  var ALONG = "along ";
  var LEFT = "left ";
  var TYPED = "main textarea, main input[type=text], main input[type=email], main input[type=tel]";
  var sent = false;
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
    sent = true;
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
  function takeAlong(event) {
    var link = event.target.closest ? event.target.closest(".langs a[hreflang]") : null;
    var form = document.querySelector("main form[method=post]");
    if (!link || !form) {
      return;
    }
    try {
      var pairs = Array.from(new FormData(form));
      sessionStorage.setItem(ALONG + link.pathname, JSON.stringify(pairs));
    } catch (error) {
      /* As above. */
    }
  }
  function fillIn() {
    var form = document.querySelector("main form[method=post]");
    try {
      var key = ALONG + location.pathname;
      var pairs = JSON.parse(sessionStorage.getItem(key)) || [];
      sessionStorage.removeItem(key);
      pairs.forEach(function (pair) {
        var field = form.elements[pair[0]];
        if (field.type !== "hidden") {
          field.value = pair[1];
        }
      });
    } catch (error) {
      /* Then it is as empty as without a script. */
    }
  }
  function leave() {
    var typed = {};
    document.querySelectorAll(TYPED).forEach(function (field) {
      if (!sent && field.value !== field.defaultValue) {
        typed[field.id] = field.value;
      }
    });
    try {
      sessionStorage.setItem(LEFT + location.pathname, JSON.stringify(typed));
    } catch (error) {
      /* As above. */
    }
  }
  function comeBack() {
    try {
      var key = LEFT + location.pathname;
      var typed = JSON.parse(sessionStorage.getItem(key)) || {};
      var back = performance.getEntriesByType("navigation")[0].type === "back_forward";
      sessionStorage.removeItem(key);
      document.querySelectorAll(TYPED).forEach(function (field) {
        if (back && field.id in typed && field.value === field.defaultValue) {
          field.value = typed[field.id];
          (field.closest("details") || field).open = true;
        }
      });
    } catch (error) {
      /* As above. */
    }
  }
  if (document.currentScript.dataset.left !== undefined) {
    document.addEventListener("DOMContentLoaded", comeBack);
    window.addEventListener("pagehide", leave);
  }
  document.addEventListener("submit", keep);
  document.addEventListener("click", takeAlong);
  document.addEventListener("DOMContentLoaded", fillIn);
  try {
    if (document.currentScript.dataset.answered !== undefined) {
      forget();
    }
  } catch (error) {
    /* As above. */
  }
})();
