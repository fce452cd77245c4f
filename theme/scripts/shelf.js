/* The index of one language: meta.json says what it looks like, the other files are fetched by word. */
import { all, json, lines, weather } from "./files.js";
import { unpacked } from "./lists.js";
import { terms } from "./terms.js";

const FORMAT = 2;
const shelves = {};

const open = async (root, of) => {
  const base = root + "search/" + of + "/", meta = await json(base + "meta.json");
  if (meta.format === FORMAT && meta.words) {
    return { base, of, ...meta, words: terms(of, meta.words) };
  }
  weather.trouble = true;
  delete shelves[of];
  return { base, of, pages: 0, shards: 1, others: [], words: terms("", {}) };
};
export const shelf = (root, of) => (shelves[of] = shelves[of] || open(root, of));

/* Each term, and each beginning of two letters, has its place in one of many files. */
const place = (on, folder, term, among) => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < term.length; i++) {
    hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  }
  return lines(on.base + folder + (((hash ^ (hash >>> 16)) >>> 0) % among) + ".txt");
};

export const postings = async (on, term, boost) => {
  const line = (await place(on, "t/", term, on.shards)).find((one) => one[0] === term);
  const found = { term, boost, ...unpacked((line && line[1]) || "", true) };
  return found.there.length ? [found] : [];
};

/* The vocabulary: each term with a letter that says how common it is. */
const drawer = async (on, letters) => (await place(on, "w/", letters, on.shards >> 4 || 1))
  .map(([line]) => ({ term: line.slice(0, -1), often: line.slice(-1) })).filter((one) => one.term.slice(0, 2) === letters);
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/* Return the commonest terms that begin so. */
export const endings = async (on, start) =>
  start.length < 2 ? [] : (await drawer(on, start.slice(0, 2))).filter((one) => one.term.startsWith(start))
    .sort((a, b) => order(b.often, a.often) || order(a.term, b.term)).slice(0, 8);

/* In how many places two words differ; two letters that changed places are one. */
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

/* Return the term that was probably meant by one that no document has. */
export const nearest = async (on, term) => {
  const [a, b = "", c = ""] = term, most = term.length < 5 ? 1 : 2;
  const known = await all([...new Set([a + b, b + a, a + c])].map((letters) => drawer(on, letters)));
  return known.filter((one) => Math.abs(one.term.length - term.length) <= most && (one.far = apart(term, one.term)) <= most)
    .sort((x, y) => x.far - y.far || order(y.often, x.often) || order(x.term, y.term))[0];
};

export const lead = async (on, number) => Object.values(await json(on.base + "d/" + number + ".json"));

export const passages = async (on, number) => {
  const { body } = await json(on.base + "x/" + number + ".json");
  return Array.isArray(body) ? body.filter(Array.isArray).map(([said, second]) => [String(said), second]) : [];
};

/* Return how the page that a term matters most to writes it. */
export const spelling = async (on, term) => {
  const [found] = await postings(on, term), counts = {};
  if (found) {
    const best = found.there[found.shares.lastIndexOf(Math.max(...found.shares))];
    for (const said of [String((await lead(on, best))[1]), ...(await passages(on, best)).map((one) => one[0])]) {
      for (const span of on.words(said).filter((one) => one.terms.includes(term))) {
        const word = span.word.toLowerCase();
        counts[word] = (counts[word] || 0) + 1;
      }
    }
  }
  return Object.keys(counts).sort((x, y) => counts[y] - counts[x] || x.length - y.length || order(x, y))[0] || term;
};

/* Return which documents have each value of each facet. */
export const facets = async (on) =>
  (await lines(on.base + "facets.txt")).map(([name, of, there = ""]) => ({ name, of, there: new Set(unpacked(there).there) }));
