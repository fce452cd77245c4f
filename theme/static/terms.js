/* What a word is, exactly as core/analysis says it: search.js asks with the words of a query. */
var terms = (function () {
  "use strict";
  var WORD = /[\p{L}\p{N}]+(?:['’ʼ`‐‑-][\p{L}\p{N}]+)*/gu;
  var LETTERS = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i" };

  function fold(word) {
    return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßæœøłđðþı]/g, function (letter) {
      return LETTERS[letter];
    });
  }

  /* English: Porter's second stemmer. r1 and r2 are what stands behind its first two syllables. */
  var SPECIAL = {};
  ("skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli singly:singl " +
    "sky news howe atlas cosmos bias andes inning innings:inning outing outings:outing canning cannings:canning " +
    "herring herrings:herring earring earrings:earring").split(" ").forEach(function (pair) {
    pair = pair.split(":");
    SPECIAL[pair[0]] = pair[1] || pair[0];
  });
  /* Each ending: how many letters go, what comes in their place, and what r2 is when shorter. */
  var STEPS = [
    "ization:7:ize ational:7:ate:e fulness:4 ousness:7:ous iveness:7:ive:e tional:2 biliti:6:ble lessli:2 entli:2 " +
      "ation:5:ate:e alism:5:al aliti:5:al ousli:5:ous iviti:5:ive:e fulli:2 enci:1:e anci:1:e abli:1:e izer:4:ize " +
      "ator:4:ate:e alli:4:al bli:3:ble ogi:1 li:2",
    "ational:7:ate tional:2 alize:3 icate:5:ic iciti:5:ic ative:5 ical:4:ic ness:4 ful:3",
    "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic"
  ].map(function (step) {
    return step.split(" ").map(function (rule) {
      return rule.split(":");
    });
  });

  function behind(word) {
    var found = /[aeiouy][^aeiouy]/.exec(word);
    return found ? word.slice(found.index + 2) : "";
  }

  function porter(word) {
    if (Object.prototype.hasOwnProperty.call(SPECIAL, word)) {
      return SPECIAL[word];
    }
    var same = /^(proceed|exceed|succeed)(s|ed|ing)?$/.exec(word);
    if (same) {
      return same[1];
    }
    word = word.replace(/^y/, "Y");
    for (var i = 1; i < word.length; i++) {
      if (word[i] === "y" && /[aeiouy]/.test(word[i - 1])) {
        word = word.slice(0, i) + "Y" + word.slice(i + 1);
      }
    }
    var start = /^(?:gener|arsen|commun)/.exec(word);
    var r1 = start ? word.slice(start[0].length) : behind(word);
    var r2 = behind(r1);

    function part(text, count, more, lost) {
      return text.length >= count ? text.slice(0, text.length - count) + more : lost || "";
    }
    function cut(count, more, lost) {
      word = part(word, count, more || "");
      r1 = part(r1, count, more || "");
      r2 = part(r2, count, more || "", lost);
    }
    function ends(text, suffix) {
      return text.slice(-suffix.length) === suffix && text.length >= suffix.length;
    }

    var found = /(sses|ied|ies|us|ss|s)$/.exec(word);
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
    if (found && found[1].slice(0, 3) === "eed") {
      if (ends(r1, found[1])) {
        cut(found[1].length, "ee");
      }
    } else if (found && /[aeiouy]/.test(word.slice(0, found.index))) {
      cut(found[1].length);
      if (/(?:at|bl|iz)$/.test(word)) {
        word += "e";
        r1 += "e";
        r2 += word.length > 5 || r1.length >= 3 ? "e" : "";
      } else if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(word)) {
        cut(1);
      } else if (!r1 && (/[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word))) {
        word += "e";
      }
    }
    if (word.length > 2 && /[^aeiouy][yY]$/.test(word)) {
      cut(1, "i");
    }
    STEPS.forEach(function (step, number) {
      var rule = step.find(function (one) {
        return ends(word, one[0]);
      });
      if (!rule || !ends(number < 2 ? r1 : r2, rule[0])) {
        return;
      }
      var suffix = rule[0];
      var before = word[word.length - suffix.length - 1] || "";
      var kept = (suffix === "ogi" && before !== "l") || (suffix === "li" && !/[cdeghkmnrt]/.test(before)) ||
        (suffix === "ion" && !/[st]/.test(before)) || (suffix === "ative" && !ends(r2, suffix));
      if (!kept) {
        cut(+rule[1] || suffix.length, rule[2], rule[3]);
      }
    });
    if (ends(r2, "l") && word[word.length - 2] === "l") {
      word = word.slice(0, -1);
    } else if (ends(r2, "e")) {
      word = word.slice(0, -1);
    } else if (ends(r1, "e") && word.length >= 4 &&
        (/[aeiouywxY].$/.test(word) || /[^aeiouy]..$/.test(word) || /[aeiouy]...$/.test(word))) {
      word = word.slice(0, -1);
    }
    return word.replace(/Y/g, "y");
  }

  /* Welsh: every rule stands in the tables that come with the index. */
  function welsh(tables) {
    var keeps = new RegExp("^" + tables.keeps);
    var initials = tables.initials.split(" ").map(function (pair) {
      return pair.split(":");
    });
    var endings = tables.endings.map(function (list) {
      return list.split(" ");
    });
    var forms = new Map();

    function unmutated(word, whole) {
      if (keeps.test(word)) {
        return word;
      }
      var found = initials.find(function (pair) {
        return word.startsWith(pair[0]);
      });
      if (found) {
        var rest = word.slice(found[0].length);
        if (!found[1] && whole && rest.length < 3) {
          return tables.short[found[0]] + rest;
        }
        word = found[1] + rest;
      }
      return /^(?:ll|rh)/.test(word) ? word[0] + word.slice(2) : word;
    }
    function without(word, list) {
      var ending = list.find(function (one) {
        return word.endsWith(one) && word.length - one.length >= (tables.rest[one] || 3);
      });
      if (!ending) {
        return word;
      }
      var rest = word.slice(0, -ending.length) + (tables.again[ending] || "");
      return rest.length > 3 ? rest.replace(/i$/, "") : rest;
    }
    function plain(word) {
      word = /(?:nn|rr)$/.test(word) ? word.slice(0, -1) : word;
      return word.replace(/ai/g, "ei").replace(/([^aeiouwy])w(?![aeiouwy])/g, "$1y");
    }
    tables.forms.split(",").forEach(function (group) {
      group = group.split(" ").map(function (form) {
        return unmutated(form, true);
      });
      group.slice(1).forEach(function (form) {
        forms.set(form, group[0]);
      });
    });
    return {
      parted: function (word) {
        return word.split("'").filter(Boolean);
      },
      stem: function (word) {
        word = unmutated(word, true);
        return plain(endings.reduce(without, forms.get(word) || word));
      },
      beginning: function (word) {
        return plain(unmutated(word, false));
      }
    };
  }

  function same(word) {
    return word;
  }
  function joined(word) {
    return [word.replace(/'/g, "")];
  }
  var MANNERS = {
    cy: welsh,
    en: function () {
      return {
        parted: function (word) {
          return joined(word.replace(/'s$/, ""));
        },
        stem: porter,
        beginning: same
      };
    }
  };

  /* What a word is in a language, given the tables of its index. */
  return function (lang, tables) {
    var manner = MANNERS[lang] ? MANNERS[lang](tables) : { parted: joined, stem: same, beginning: same };
    var everyday = new Set((tables.everyday || "").split(" "));

    function pieces(word) {
      return word.toLowerCase().replace(/[’ʼ`]/g, "'").split(/[‐‑-]/);
    }
    function of(word) {
      var compound = pieces(word);
      var parts = [].concat.apply([], compound.map(manner.parted));
      if (compound.length > 1) {
        parts.push(parts.join(""));
      }
      return parts.filter(function (part) {
        return !everyday.has(part);
      }).map(fold).filter(function (part) {
        return part.length !== 1 || /\p{N}/u.test(part);
      }).map(function (part) {
        return manner.stem(part).slice(0, 40);
      }).filter(Boolean);
    }
    return {
      beginning: function (word) {
        return manner.beginning(fold(pieces(word).pop().replace(/'/g, "")));
      },
      spans: function (text) {
        return Array.from(text.matchAll(WORD), function (found) {
          return { start: found.index, end: found.index + found[0].length, word: found[0], terms: of(found[0]) };
        });
      }
    };
  };
})();
