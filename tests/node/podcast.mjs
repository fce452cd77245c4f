// Reads podcasts as two readers do that we did not write: {name: RSS} in, what each read out.
import { readFileSync } from "node:fs";
import { parseRssFeed } from "feedsmith";
import partytime from "podcast-partytime";

const feeds = JSON.parse(readFileSync(0, "utf8"));
const read = Object.fromEntries(
  Object.entries(feeds).map(([name, rss]) => [
    name,
    { partytime: partytime.parseFeed(rss), feedsmith: parseRssFeed(rss) },
  ]),
);
process.stdout.write(JSON.stringify(read));
