// Reads calendars with ical.js and with node-ical: {name: text} in,
// {name: {"ical.js": {calendar, events}, "node-ical": {calendar, events}}} out, each event with the
// instants of all its dates in UTC.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import ical from "node-ical";

const LIMIT = new Date("2100-01-01T00:00:00Z");

const byIcalJs = (text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const iterator = event.isRecurring() ? event.iterator() : null;
    const pairs = iterator ? [] : [event];
    for (let next = iterator?.next(); next; next = iterator.next()) {
      pairs.push(event.getOccurrenceDetails(next));
    }
    const dates = pairs.map(({ startDate, endDate }) =>
      [startDate, endDate].map((time) => time.toJSDate().toISOString()),
    );
    const value = (name) => component.getFirstPropertyValue(name)?.toString() ?? "";
    return {
      uid: event.uid,
      summary: event.summary,
      language: component.getFirstProperty("summary").getParameter("language"),
      description: event.description,
      location: event.location ?? "",
      url: value("url"),
      status: value("status"),
      sequence: event.sequence,
      categories: component.getFirstProperty("categories")?.getValues() ?? [],
      conference: value("conference"),
      contact: value("contact"),
      dtstamp: component.getFirstPropertyValue("dtstamp").toJSDate().toISOString(),
      modified: component.getFirstPropertyValue("last-modified").toJSDate().toISOString(),
      alarms: component.getAllSubcomponents("valarm").length,
      dates,
    };
  });
  const value = (name) => calendar.getFirstPropertyValue(name)?.toString() ?? "";
  const about = ["name", "x-wr-calname", "color", "refresh-interval", "url", "source", "uid"];
  return { calendar: Object.fromEntries(about.map((name) => [name, value(name)])), events };
};

const plain = (value) => (typeof value === "object" && value ? value.val : (value ?? ""));

const byNodeIcal = (text) => {
  const found = ical.sync.parseICS(text);
  const events = Object.values(found).filter((one) => one.type === "VEVENT").map((event) => {
    const pairs = event.rrule
      ? ical.expandRecurringEvent(event, { from: new Date(0), to: LIMIT })
      : [event];
    return {
      uid: event.uid,
      summary: plain(event.summary),
      description: plain(event.description),
      location: plain(event.location),
      url: plain(event.url),
      status: event.status,
      sequence: Number(event.sequence),
      categories: event.categories ?? [],
      dtstamp: event.dtstamp.toISOString(),
      modified: event.lastmodified.toISOString(),
      dates: pairs.map(({ start, end }) => [start.toISOString(), end.toISOString()]),
    };
  });
  return { calendar: { "x-wr-calname": found.vcalendar["WR-CALNAME"] ?? "" }, events };
};

const given = JSON.parse(readFileSync(0, "utf-8"));
const found = Object.entries(given).map(([name, text]) => [
  name,
  { "ical.js": byIcalJs(text), "node-ical": byNodeIcal(text) },
]);
process.stdout.write(JSON.stringify(Object.fromEntries(found)));
