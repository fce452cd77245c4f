/* The words of a page that answer a question, with what was asked for marked. */
const WIDE = 180, BEFORE = 50;

export const mark = (into, said, hit) => {
  let end = 0;
  into.textContent = "";
  for (const span of hit.on.words(said)) {
    if (span.terms.some((term) => hit.terms.has(term))) {
      into.append(said.slice(end, span.start));
      into.appendChild(document.createElement("mark")).textContent = span.word;
      end = span.end;
    }
  }
  into.append(said.slice(end));
};

/* Return what stands around a place, whole words only. */
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

/* Return the stretch of a page that has most of the terms, and the second at which it is heard. */
export const excerpt = (body, hit) => {
  let best = { worth: 0 };
  for (const [said, second] of body) {
    const found = hit.on.words(said).flatMap((span) => span.terms.filter((term) => hit.terms.has(term)).map((term) => ({ ...span, term })));
    found.forEach((from, i) => {
      const within = found.slice(i).filter((one) => one.end - from.start <= WIDE - BEFORE);
      const worth = new Set(within.map((one) => one.term)).size * 1000 + within.length;
      if (worth > best.worth) {
        best = { worth, second, said, start: from.start };
      }
    });
  }
  return best.worth && { said: cut(best.said, best.start), second: best.second };
};
