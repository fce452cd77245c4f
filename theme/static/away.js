/* Gives back what was typed into a form that could not be taken, to be sent again. */
(function () {
  "use strict";
  var pairs = null;
  try {
    pairs = JSON.parse(sessionStorage.getItem("words " + location.pathname));
  } catch (error) {
    /* Nothing to give back; the page says what else to do. */
  }
  if (!Array.isArray(pairs) || !pairs.length) {
    return;
  }
  var forms = Array.from(document.querySelectorAll("form.again"));
  var form = forms.find(function (each) {
    return location.pathname.split("/").indexOf(each.closest("section").lang) !== -1;
  }) || forms[0];
  var place = form.querySelector(".fields");
  pairs.forEach(function (pair, number) {
    var hidden = pair[1].length < 13 && !/\s/.test(pair[1]);
    if (hidden || pair[0] === "token" || pair[0] === "once") {
      var input = document.createElement("input");
      input.type = "hidden";
      input.name = pair[0];
      input.value = pair[1];
      place.append(input);
      return;
    }
    var label = document.createElement("label");
    var area = document.createElement("textarea");
    label.htmlFor = area.id = "w-" + number;
    label.textContent = form.dataset.label;
    area.name = pair[0];
    area.rows = pair[1].length > 80 ? 8 : 2;
    area.value = pair[1];
    var field = document.createElement("div");
    field.className = "field";
    field.append(label, area);
    place.append(field);
  });
  form.action = location.pathname + location.search;
  form.hidden = false;
  form.closest("section").querySelector(".reload").hidden = true;
})();
