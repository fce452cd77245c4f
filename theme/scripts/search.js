/* The search page: answers as one types, from the index that the build wrote. Without it the
   service answers. Bundled into theme/static/search.js by `./run scripts`. */
import { excerpt, mark } from "./excerpts.js";
import { all, weather } from "./files.js";
import { rank } from "./ranking.js";
import { lead, nearest, passages, shelf, spelling } from "./shelf.js";

const PAGE = 10;
const find = (selector) => document.querySelector(selector);
const form = find("form[data-index]");
const said = find(".found"), meant = find(".meant"), list = find("ol.results"), more = find(".more"), browse = find(".browse");
const field = form.elements.q, filters = form.querySelector("details"), selects = [...form.querySelectorAll("select")];
const lang = document.documentElement.lang, root = form.dataset.index.replace(/search\/[^/]*\/$/, "");
let asked = 0, shown = 0, timer, late;

const show = async (hit, turn) => {
  const item = list.appendChild(find("#result").content.firstElementChild.cloneNode(true));
  const [path, title, summary, kind, date] = await lead(hit.on, hit.number);
  if (!path || turn !== asked) {
    item.remove();
    return [];
  }
  const link = item.querySelector("a"), kicker = item.querySelector(".kicker");
  link.href = root + path;
  mark(link, String(title), hit);
  mark(item.querySelector(".summary"), String(summary), hit);
  const option = [...selects[0].options].find((one) => one.value === kind);
  kicker.textContent = [option && option.dataset.name, date].filter(Boolean).join(" · ");
  if (hit.on.of !== lang) {
    item.lang = hit.on.of;
    const note = kicker.appendChild(document.createElement("span"));
    [note.className, note.lang, note.textContent] = ["badge", lang, form.getAttribute("data-in-" + hit.on.of)];
  }
  item.hidden = false;
  return [{ hit, item, link }];
};
const explain = async ({ hit, item, link }) => {
  const found = excerpt(await passages(hit.on, hit.number), hit);
  if (found) {
    const where = item.querySelector(".excerpt");
    mark(where, found.said, hit);
    where.hidden = false;
    link.href += found.second >= 0 ? "#t-" + found.second : "";
  }
};
const page = async (hits, turn) => {
  const next = hits.slice(shown, (shown += PAGE));
  more.hidden = shown >= hits.length;
  more.onclick = async () => {
    const at = list.children.length;
    await page(hits, turn);
    list.children[at].querySelector("a").focus();
  };
  const there = await all(next.map((hit) => show(hit, turn)));
  await Promise.all(there.map(explain)); /* after all titles, which matter more */
};

/* Said once typing rests, so that a screen reader isn't told of every letter. */
const say = (name, count) => {
  clearTimeout(late);
  late = setTimeout(() => {
    said.textContent = name && said.dataset[name].replace("{}", count || "");
  }, 300);
};
/* How many of all that match have each value, beside its name. */
const count = (answers) => {
  for (const select of selects) {
    for (const option of select.options) {
      let there = 0;
      for (const answer of answers) {
        const facet = answer.known.find((one) => one.name === select.name && one.of === option.value);
        there += facet ? answer.every.filter((number) => facet.there.has(number)).length : 0;
      }
      option.textContent = option.dataset.name + (option.value && answers[0].known.length ? " (" + there + ")" : "");
    }
  }
};
const suggest = async ({ on, missing }, question, turn) => {
  const near = await Promise.all(missing.map((span) => nearest(on, span.terms[0])));
  if (near.every(Boolean)) {
    const words = await Promise.all(near.map((one) => spelling(on, one.term)));
    for (const span of missing.slice().reverse()) {
      question = question.slice(0, span.start) + words.pop() + question.slice(span.end);
    }
    if (turn === asked) {
      const link = meant.querySelector("a");
      link.textContent = question;
      link.href = "?" + new URLSearchParams({ q: question });
      meant.hidden = false;
    }
  }
};
/* What nobody found is counted by the service, if it is here; nothing tells who asked. */
const lacking = (question) => {
  if (new URL(form.action).origin === location.origin) {
    fetch(form.action + "/none", { method: "POST", body: new URLSearchParams({ q: question }), keepalive: true }).catch(() => {});
  }
};

const ask = async (whole) => {
  const turn = ++asked, question = field.value.slice(0, 200).normalize("NFC").trim();
  const chosen = selects.filter((select) => select.value);
  const address = new URLSearchParams([...(question ? [field] : []), ...chosen].map((one) => [one.name, one.value]));
  clearTimeout(timer);
  list.setAttribute("aria-busy", true);
  history.replaceState(null, "", "?" + address);
  weather.trouble = false;
  const ranked = async (of) => rank(await shelf(root, of), question, chosen, filters.open);
  const answers = question ? [await ranked(lang)] : [];
  if (question && answers[0].hits.length < PAGE && answers[0].on.words(question).length) {
    answers.push(...(await Promise.all(answers[0].on.others.map(ranked))));
  }
  if (turn !== asked) {
    return;
  }
  const hits = answers.reduce((so, { hits }, i) => so.concat(i ? hits.slice(0, Math.max(0, PAGE - so.length)) : hits), []);
  list.textContent = "";
  meant.hidden = true;
  browse.hidden = hits.length > 0;
  shown = 0;
  say(!question ? "" : hits.length ? "many" : weather.trouble ? "trouble" : "none", hits.length);
  count(question ? answers : [{ known: [] }]);
  if (question && !hits.length && whole === true && !weather.trouble) {
    lacking(question);
  }
  const lost = question && answers.every((one) => one.missing.length);
  await Promise.all([page(hits, turn), lost && suggest(answers[0], question, turn)]);
  if (hits.length && !list.children.length && turn === asked) {
    say("trouble");
    browse.hidden = false;
  }
  list.setAttribute("aria-busy", turn !== asked);
};

const given = new URLSearchParams(location.search);
for (const control of [field, ...selects]) {
  control.value = given.get(control.name) || "";
}
filters.open = selects.some((select) => select.value);
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
});
for (const select of selects) {
  select.addEventListener("change", ask);
}
filters.addEventListener("toggle", ask);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(true);
});
meant.addEventListener("click", (event) => {
  event.preventDefault();
  field.value = meant.querySelector("a").textContent;
  field.focus();
  ask(true);
});
/* Arrow keys walk from the field through the answers and back; Escape goes back to the field. */
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
  const stops = [field, ...list.querySelectorAll("li:not([hidden]) a")], at = stops.indexOf(document.activeElement);
  const to = step ? stops[at + step] : field;
  if (step !== undefined && at >= 0 && to && to !== document.activeElement) {
    event.preventDefault();
    to.focus();
  }
});
if (field.value) {
  ask(true);
}
