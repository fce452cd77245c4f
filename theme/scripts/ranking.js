/* BM25F: how rare a term is, times how much a page is about it. */
import { all } from "./files.js";
import { endings, facets, postings } from "./shelf.js";

/* Return what answers a question, the best first, with the words that nobody says. */
export const rank = async (on, question, chosen, counting) => {
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
  for (const { boost, there, shares } of found) {
    const rarity = (Math.log(on.pages / (there.length + 1)) + 1) * boost;
    there.forEach((number, i) => {
      if (number < on.pages) {
        scores.set(number, (scores.get(number) || 0) + rarity * shares[i]);
      }
    });
  }
  const known = chosen.length || counting ? await facets(on) : [], every = [...scores.keys()];
  const hits = every.filter((number) => chosen.every((one) => known.some((facet) => facet.name === one.name && facet.of === one.value && facet.there.has(number))))
    .sort((a, b) => (Math.abs(scores.get(a) - scores.get(b)) > 1e-9 ? scores.get(b) - scores.get(a) : b - a));
  return { on, missing, known, every, hits: hits.map((number) => ({ on, number, terms })) };
};
