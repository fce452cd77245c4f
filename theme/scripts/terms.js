/* What a word is, exactly as core/analysis says it. */
const WORD = /[\p{L}\p{N}]+(?:['’ʼ`‐‑-][\p{L}\p{N}]+)*/gu;
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
const fold = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter]);
const pairs = (words) => words.split(" ").map((pair) => pair.split(":"));

/* English: Porter's second stemmer. r1 and r2 are what stands behind its first two syllables. */
const SPECIAL = new Map(pairs(
  "skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli singly:singl " +
  "sky news howe atlas cosmos bias andes inning innings:inning outing outings:outing canning cannings:canning " +
  "herring herrings:herring earring earrings:earring"));
/* Each ending: how many letters go, what comes in their place, and what r2 is when shorter. */
const STEPS = [
  "ization:7:ize ational:7:ate:e fulness:4 ousness:7:ous iveness:7:ive:e tional:2 biliti:6:ble lessli:2 entli:2 " +
    "ation:5:ate:e alism:5:al aliti:5:al ousli:5:ous iviti:5:ive:e fulli:2 enci:1:e anci:1:e abli:1:e izer:4:ize " +
    "ator:4:ate:e alli:4:al bli:3:ble ogi:1 li:2",
  "ational:7:ate tional:2 alize:3 icate:5:ic iciti:5:ic ative:5 ical:4:ic ness:4 ful:3",
  "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic"
].map(pairs);
const behind = (word) => {
  const found = /[aeiouy][^aeiouy]/.exec(word);
  return found ? word.slice(found.index + 2) : "";
};

const porter = (word) => {
  if (SPECIAL.has(word)) {
    return SPECIAL.get(word) || word;
  }
  const same = /^(proceed|exceed|succeed)(s|ed|ing)?$/.exec(word);
  if (same) {
    return same[1];
  }
  word = word.replace(/^y/, "Y");
  for (let i = 1; i < word.length; i++) {
    if (word[i] === "y" && /[aeiouy]/.test(word[i - 1])) {
      word = word.slice(0, i) + "Y" + word.slice(i + 1);
    }
  }
  const start = /^(?:gener|arsen|commun)/.exec(word);
  let r1 = start ? word.slice(start[0].length) : behind(word), r2 = behind(r1);
  const part = (text, count, more, lost) => (text.length >= count ? text.slice(0, text.length - count) + more : lost);
  const cut = (count, more = "", lost = "") => {
    word = part(word, count, more, "");
    r1 = part(r1, count, more, "");
    r2 = part(r2, count, more, lost);
  };

  let found = /(sses|ied|ies|us|ss|s)$/.exec(word);
  if (found) {
    if (found[1] === "sses") {
      cut(2);
    } else if (found[1][0] === "i") {
      cut(found.index > 1 ? 2 : 1);
    } else if (found[1] === "s" && /[aeiouy]/.test(word.slice(0, -2))) {
      cut(1);
    }
  }
  found = /(eedly|ingly|edly|eed|ing|ed)$/.exec(word);
  if (found && found[1].startsWith("eed")) {
    if (r1.endsWith(found[1])) {
      cut(found[1].length, "ee");
    }
  } else if (found && /[aeiouy]/.test(word.slice(0, found.index))) {
    cut(found[1].length);
    if (/(?:at|bl|iz)$/.test(word)) {
      word += "e";
      r1 += "e";
      r2 += word.length > 5 || r1.length > 2 ? "e" : "";
    } else if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(word)) {
      cut(1);
    } else if (!r1 && (/[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word))) {
      word += "e";
    }
  }
  if (word.length > 2 && /[^aeiouy][yY]$/.test(word)) {
    cut(1, "i");
  }
  STEPS.forEach((step, number) => {
    const [suffix, count, more, lost] = step.find((rule) => word.endsWith(rule[0])) || [""];
    if (!suffix || !(number < 2 ? r1 : r2).endsWith(suffix)) {
      return;
    }
    const before = word[word.length - suffix.length - 1] || "";
    const kept = (suffix === "ogi" && before !== "l") || (suffix === "li" && !/[cdeghkmnrt]/.test(before)) ||
      (suffix === "ion" && !/[st]/.test(before)) || (suffix === "ative" && !r2.endsWith(suffix));
    if (!kept) {
      cut(+count || suffix.length, more, lost);
    }
  });
  if ((r2.endsWith("l") && word[word.length - 2] === "l") || r2.endsWith("e") || (r1.endsWith("e") && word.length > 3 &&
      (/[aeiouywxY].$/.test(word) || /[^aeiouy]..$/.test(word) || /[aeiouy]...$/.test(word)))) {
    word = word.slice(0, -1);
  }
  return word.replace(/Y/g, "y");
};

/* What no rule reaches: the words of a table, each with the first of its group. */
const alike = (tables, form) => {
  const groups = tables.forms.split(",").map((group) => group.split(" ").map(form));
  return new Map(groups.flatMap(([first, ...others]) => others.map((other) => [other, first])));
};

/* Welsh: every rule stands in the tables that come with the index. */
const welsh = (tables) => {
  const keeps = new RegExp("^" + tables.keeps), initials = pairs(tables.initials);
  const endings = tables.endings.map((list) => list.split(" "));
  const unmutated = (word, whole) => {
    if (keeps.test(word)) {
      return word;
    }
    const [initial, common] = initials.find((pair) => word.startsWith(pair[0])) || ["", ""];
    const rest = word.slice(initial.length);
    if (initial && !common && whole && rest.length < 3) {
      return tables.short[initial] + rest;
    }
    return common + rest;
  };
  const without = (word, list) => {
    const ending = list.find((one) => word.endsWith(one) && word.length - one.length >= (tables.rest[one] || 3));
    if (!ending) {
      return word;
    }
    const rest = word.slice(0, -ending.length) + (tables.again[ending] || "");
    return rest.length > 3 ? rest.replace(/i$/, "") : rest;
  };
  const plain = (word) => word.replace(/(n|r)\1$/, "$1").replace(/ai/g, "ei").replace(/([^aeiouwy])w(?![aeiouwy])/g, "$1y");
  const forms = alike(tables, (word) => unmutated(word, true));
  return {
    parted: (word) => word.split("'").filter(Boolean),
    stem: (word) => {
      const one = unmutated(word, true);
      return plain(endings.reduce(without, forms.get(one) || one));
    },
    beginning: (word) => plain(unmutated(word, false))
  };
};

const same = (word) => word;
const joined = (word) => [word.replace(/'/g, "")];
const MANNERS = {
  cy: welsh,
  en: (tables) => {
    const forms = alike(tables, same);
    return { parted: (word) => joined(word.replace(/'s$/, "")), stem: (word) => porter(forms.get(word) || word), beginning: same };
  }
};

/* Return what finds the words of a text, given a language and the tables of its index. */
export const terms = (lang, tables) => {
  const manner = MANNERS[lang] ? MANNERS[lang](tables) : { parted: joined, stem: same, beginning: same };
  const everyday = new Set((tables.everyday || "").split(" ")), kept = new Map();
  const pieces = (word) => word.toLowerCase().replace(/[’ʼ`]/g, "'").split(/[‐‑-]/);
  const termsOf = (word) => {
    const compound = pieces(word), parts = compound.flatMap(manner.parted);
    if (compound.length > 1) {
      parts.push(parts.join(""));
    }
    return parts.filter((part) => !everyday.has(part)).map(fold).filter((part) => part.length !== 1 || /\p{N}/u.test(part))
      .map((part) => manner.stem(part).slice(0, 40)).filter(Boolean);
  };
  const known = (word) => kept.get(word) || kept.set(word, termsOf(word)).get(word);
  const spans = (text) => Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({ word, start: index, end: index + word.length, terms: known(word) }))
    .filter((span) => span.terms.length);
  spans.beginning = (word) => manner.beginning(fold(pieces(word).pop().replace(/'/g, "")));
  return spans;
};
