// Reads feeds with feedsmith: {name: text} in, {name: {format, feed}} out.
import { readFileSync } from "node:fs";
import { parseFeed, parseOpml } from "feedsmith";

const read = (text) =>
  text.includes("<opml") ? { format: "opml", feed: parseOpml(text) } : parseFeed(text);
const given = JSON.parse(readFileSync(0, "utf-8"));
const found = Object.entries(given).map(([name, text]) => [name, read(text)]);
process.stdout.write(JSON.stringify(Object.fromEntries(found)));
