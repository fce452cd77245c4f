/* Answers as one types, from the index that the build wrote. Without it the service answers. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-index]");
  if (!form) {
    return;
  }
  const FORMAT = 1, PAGE = 10, WIDE = 180, BEFORE = 50;
  const find = (selector) => document.querySelector(selector);
  const said = find(".found"), meant = find(".meant"), list = find("ol.results"), more = find(".more"), browse = find(".browse");
  const field = form.elements.q, filters = form.querySelector("details"), selects = [...form.querySelectorAll("select")];
  const lang = document.documentElement.lang, root = form.dataset.index.replace(/search\/[^/]*\/$/, "");
  const files = new Map(), shelves = {}, words = document.currentScript.dataset.terms;
  let asked = 0, shown = 0, trouble = false, timer, late, analysis;

  /* Files: one that isn't there holds nothing, and what can't be had is trouble, said calmly. */
  const get = async (url) => {
    try {
      const answer = await fetch(url);
      if (!answer.ok && answer.status !== 404) {
        throw answer;
      }
      return answer.ok ? await answer.text() : "";
    } catch {
      trouble = true;
      files.delete(url);
      return "";
    }
  };
  const text = (url) => files.get(url) || files.set(url, get(url)).get(url);
  const lines = async (url) => (await text(url)).split("\n").filter(Boolean);
  const json = async (url) => {
    try {
      return JSON.parse(await text(url)) || {};
    } catch {
      trouble = true;
      return {};
    }
  };
  /* What a word is comes when somebody begins to ask: many come here only to look around. */
  const analyser = () => analysis = analysis || new Promise((done) => {
    const script = document.createElement("script");
    script.src = words;
    script.onload = () => done(terms);
    script.onerror = () => {
      script.remove();
      analysis = undefined;
      done();
    };
    document.head.append(script);
  });
  const open = async (of) => {
    const base = root + "search/" + of + "/";
    const [meta, analyse] = await Promise.all([json(base + "meta.json"), analyser()]);
    if (analyse && meta.format === FORMAT && meta.words) {
      return { base, of, ...meta, words: analyse(of, meta.words) };
    }
    trouble = true;
    delete shelves[of];
    return { base, of, pages: 0, shards: 1, others: [], words: analyse ? analyse("", {}) : () => [] };
  };
  const shelf = (of) => (shelves[of] = shelves[of] || open(of));

  /* Lists of documents, as plugins/search/postings.py writes them. */
  const value = (letter) => letter.charCodeAt(0) - (letter > "\\" ? 36 : 35);
  const numbers = (letters) => {
    const there = [];
    let before = -1, high = 0;
    for (const letter of letters) {
      const one = value(letter);
      if (one > 63) {
        high = high * 27 + one - 63;
      } else {
        there.push((before += high * 64 + one + 1));
        high = 0;
      }
    }
    return there;
  };
  /* Each term, and each beginning of two letters, has its place in one of many files. */
  const place = (on, folder, term, among) => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < term.length; i++) {
      hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
    }
    return lines(on.base + folder + (((hash ^ (hash >>> 16)) >>> 0) % among) + ".txt");
  };
  const postings = async (on, term, boost) => {
    const line = (await place(on, "t/", term, on.shards)).find((one) => one.startsWith(term + " "));
    const [, gaps = "", scores = ""] = (line || "").split(" "), there = numbers(gaps);
    return there.length && there.length === scores.length ? [{ term, boost, there, scores }] : [];
  };
  const all = async (promises) => (await Promise.all(promises)).flat();

  /* The vocabulary: each term with a letter that says how common it is. */
  const drawer = async (on, letters) => (await place(on, "w/", letters, on.shards >> 3 || 1))
    .map((line) => ({ term: line.slice(0, -1), often: line.slice(-1) })).filter((one) => one.term.slice(0, 2) === letters);
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const endings = async (on, start) =>
    start.length < 2 ? [] : (await drawer(on, start.slice(0, 2))).filter((one) => one.term.startsWith(start))
      .sort((a, b) => order(b.often, a.often) || order(a.term, b.term)).slice(0, 8);
  const apart = (one, other) => {
    let earlier, before, now = [...other, ""].map((_, j) => j);
    for (let i = 1; i <= one.length; i++) {
      [earlier, before, now] = [before, now, [i]];
      for (let j = 1; j <= other.length; j++) {
        now[j] = Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          now[j] = Math.min(now[j], earlier[j - 2] + 1);
        }
      }
    }
    return now[other.length];
  };
  const nearest = async (on, term) => {
    const [a, b = "", c = ""] = term, most = term.length < 5 ? 1 : 2;
    const known = await all([...new Set([a + b, b + a, a + c])].map((letters) => drawer(on, letters)));
    return known.filter((one) => Math.abs(one.term.length - term.length) <= most && (one.far = apart(term, one.term)) <= most)
      .sort((x, y) => x.far - y.far || order(y.often, x.often) || order(x.term, y.term))[0];
  };
  /* How the page that a term matters most to writes it. */
  const spelling = async (on, term) => {
    const [found] = await postings(on, term), counts = {};
    if (found) {
      const best = found.there.reduce((so, _, i) => (value(found.scores[i]) >= value(found.scores[so]) ? i : so), 0);
      const [lead, passages] = await Promise.all([json(on.base + "d/" + found.there[best] + ".json"), body(on, found.there[best])]);
      for (const said of [lead[1], ...passages.map((one) => one[0])]) {
        for (const span of on.words(String(said))) {
          if (span.terms.includes(term)) {
            const word = span.word.toLowerCase();
            counts[word] = (counts[word] || 0) + 1;
          }
        }
      }
    }
    return Object.keys(counts).sort((x, y) => counts[y] - counts[x] || x.length - y.length || order(x, y))[0] || term;
  };
  const body = async (on, number) => {
    const found = (await json(on.base + "x/" + number + ".json")).body;
    return Array.isArray(found) ? found.filter(Array.isArray) : [];
  };
  const facets = async (on) =>
    (await lines(on.base + "facets.txt")).map((line) => line.split(" ")).map(([name, of, there]) => ({ name, of, there: new Set(numbers(there || "")) }));

  /* BM25F: how rare a term is, times how much a page is about it. */
  const rank = async (on, question, chosen) => {
    const spans = on.words(question), last = spans[spans.length - 1];
    const wanted = [...new Set(spans.flatMap((span) => span.terms))].slice(0, 12);
    const found = await all(wanted.map((term) => postings(on, term, 1)));
    const terms = new Set(found.map((one) => one.term));
    const missing = spans.filter((span) => !span.terms.some((term) => terms.has(term)));
    if (last && missing.includes(last)) {
      const begun = await all((await endings(on, on.words.beginning(last.word))).map((one) => postings(on, one.term, 0.5)));
      if (begun.length) {
        missing.pop();
      }
      for (const one of begun) {
        found.push(one);
        terms.add(one.term);
      }
    }
    const scores = new Map();
    for (const one of found) {
      const rarity = (Math.log(on.pages / (one.there.length + 1)) + 1) * one.boost;
      one.there.forEach((number, i) => {
        if (number < on.pages) {
          scores.set(number, (scores.get(number) || 0) + rarity * value(one.scores[i]));
        }
      });
    }
    const known = chosen.length || filters.open ? await facets(on) : [];
    const every = [...scores.keys()];
    const hits = every.filter((number) => chosen.every((one) => known.some((facet) => facet.name === one.name && facet.of === one.value && facet.there.has(number))))
      .sort((a, b) => (Math.abs(scores.get(a) - scores.get(b)) > 1e-9 ? scores.get(b) - scores.get(a) : b - a));
    return { on, missing, known, every, hits: hits.map((number) => ({ on, number, terms })) };
  };

  /* What is shown. */
  const mark = (into, said, hit) => {
    let end = 0;
    into.textContent = "";
    for (const span of hit.on.words(said)) {
      if (span.terms.some((term) => hit.terms.has(term))) {
        into.append(said.slice(end, span.start));
        into.appendChild(document.createElement("mark")).textContent = said.slice(span.start, span.end);
        end = span.end;
      }
    }
    into.append(said.slice(end));
  };
  const cut = (said, start) => {
    let begin = Math.max(0, start - BEFORE);
    if (begin) {
      begin = said.slice(0, start).indexOf(" ", begin) + 1 || start;
    }
    let end = begin + WIDE;
    if (end < said.length) {
      const space = said.lastIndexOf(" ", end - 1);
      end = space > start ? space : end;
    }
    return (begin ? "… " : "") + said.slice(begin, end) + (end < said.length ? " …" : "");
  };
  const excerpt = async ({ hit, item, link }) => {
    let best;
    for (const [said, second] of await body(hit.on, hit.number)) {
      const found = hit.on.words(String(said)).flatMap((span) => span.terms.filter((term) => hit.terms.has(term)).map((term) => ({ ...span, term })));
      found.forEach((from, i) => {
        const within = found.slice(i).filter((one) => one.end - from.start <= WIDE - BEFORE);
        const worth = new Set(within.map((one) => one.term)).size * 1000 + within.length;
        if (!best || worth > best.worth) {
          best = { worth, said, second, start: from.start };
        }
      });
    }
    if (best) {
      const where = item.querySelector(".excerpt");
      mark(where, cut(best.said, best.start), hit);
      where.hidden = false;
      link.href += best.second >= 0 ? "#t-" + best.second : "";
    }
  };
  const show = async (hit, turn) => {
    const item = list.appendChild(find("#result").content.firstElementChild.cloneNode(true));
    const [path, title, summary, kind, date] = Object.values(await json(hit.on.base + "d/" + hit.number + ".json"));
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
  const page = async (hits, turn) => {
    const next = hits.slice(shown, (shown += PAGE));
    more.hidden = shown >= hits.length;
    more.onclick = async () => {
      const at = list.children.length;
      await page(hits, turn);
      list.children[at].querySelector("a").focus();
    };
    const shownNow = await all(next.map((hit) => show(hit, turn)));
    await Promise.all(shownNow.map(excerpt)); /* after all titles, which matter more */
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
    trouble = false;
    const own = question && (await shelf(lang));
    const answers = own ? [await rank(own, question, chosen)] : [];
    if (own && answers[0].hits.length < PAGE && own.words(question).length) {
      answers.push(...(await Promise.all(own.others.map(async (other) => rank(await shelf(other), question, chosen)))));
    }
    if (turn !== asked) {
      return;
    }
    let hits = own ? answers[0].hits : [];
    for (const answer of answers.slice(1)) {
      hits = hits.concat(answer.hits.slice(0, Math.max(0, PAGE - hits.length)));
    }
    list.textContent = "";
    meant.hidden = true;
    browse.hidden = hits.length > 0;
    shown = 0;
    say(!own ? "" : hits.length ? "many" : trouble ? "trouble" : "none", hits.length);
    count(answers.length ? answers : [{ known: [] }]);
    if (own && !hits.length && whole && !trouble) {
      lacking(question);
    }
    await Promise.all([page(hits, turn), own && answers.every((one) => one.missing.length) && suggest(answers[0], question, turn)]);
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
    select.addEventListener("change", () => ask());
  }
  filters.addEventListener("toggle", () => ask());
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
})();
