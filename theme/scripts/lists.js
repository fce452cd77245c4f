/* Lists of documents, as plugins/search/postings.py writes them: bits in base 64. */
export const unpacked = (text, levels) => {
  const there = [], shares = [];
  let bytes, at = 0, number = -1;
  try {
    bytes = atob(text.slice(1));
  } catch {
    return { there, shares };
  }
  const end = bytes.length * 8;
  const bits = (count) => {
    let value = 0;
    for (let i = 0; i < count; i++) {
      value = value * 2 + ((bytes.charCodeAt(at >> 3) >> (7 - (at++ & 7))) & 1);
    }
    return value;
  };
  /* A Rice code; NaN when there is none left. */
  const rice = (low) => {
    let high = 0;
    while (!bits(1)) {
      if (at >= end) {
        return NaN;
      }
      high++;
    }
    return high * 2 ** low + bits(low);
  };
  while ((number += rice(text.charCodeAt(0) - 97) + 1) >= 0) {
    there.push(number);
    if (levels) {
      const usual = bits(2), odds = ((usual < 3 ? usual + 6 : rice(3) || 0) / 8) ** (4 / 3);
      shares.push(odds / (1 + odds));
    }
  }
  return { there, shares };
};
