/* Joins a page to the preview that serves it: shows what became of the latest save.
   Everything that arrives is put in as plain text. location.reload() leaves the reader where they
   are on the page: browsers see to that. */
(() => {
  "use strict";

  const { build: pageBuild, waiting } = document.currentScript.dataset;
  const DISMISSED = "preview-dismissed";
  const LOST = "The preview does not answer. Start it again with ./run serve: this page joins it by itself.";
  let build = pageBuild;
  let source = null;
  let lostTimer = 0;

  // ---------------------------------------------------------------- new styles

  const stylesheets = (page) => [...page.querySelectorAll('link[rel~="stylesheet"]')];

  async function restyle(next) {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [before, after] = [stylesheets(document), stylesheets(page)];
      if (before.length !== after.length) return location.reload();
      await Promise.all(before.map((old, at) => swap(old, after[at].getAttribute("href"), next)));
      build = next;
    } catch {
      location.reload();
    }
  }

  function swap(old, href, next) {
    return new Promise((done, failed) => {
      const link = old.cloneNode();
      const url = new URL(href, location.href);
      // A sheet whose name stayed the same is asked for anew.
      if (url.href === old.href) url.searchParams.set("preview", next);
      link.href = url.href;
      link.onload = () => { old.remove(); done(); };
      link.onerror = failed;
      old.after(link);
    });
  }

  // ---------------------------------------------------------------- the panel

  const dismissed = {
    get content() {
      try { return sessionStorage.getItem(DISMISSED); } catch { return null; }
    },
    set content(text) {
      try { sessionStorage.setItem(DISMISSED, text); } catch { /* a browser that keeps nothing */ }
    },
  };

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  const host = element("open-house-preview", "", { lang: "en", dir: "ltr" });
  const room = host.attachShadow({ mode: "open" });
  const connection = element("p", "", { role: "status", class: "panel connection" });
  const faults = element("section", "", { role: "alert", class: "panel faults", "aria-label": "Preview" });
  room.append(element("link", "", { rel: "stylesheet", href: "/_preview/panel.css" }), connection, faults);

  function showFaults(state) {
    const content = JSON.stringify([state.current, state.faults, state.crash]);
    if (!state.crash && !state.faults.length) {
      faults.replaceChildren();
      return;
    }
    if (dismissed.content === content || faults.dataset.content === content && faults.firstChild) return;
    const count = state.faults.length + state.more;
    const title = state.crash ? "The site could not be built" : `${count} ${count === 1 ? "thing" : "things"} to mend`;
    const standing = state.current ? "This page holds your latest change." : "You see the last version that could be built.";
    const dismiss = element("button", "Dismiss", { type: "button" });
    dismiss.addEventListener("click", () => {
      dismissed.content = content;
      faults.replaceChildren();
    });
    faults.dataset.content = content;
    faults.replaceChildren(element("h2", title), dismiss, element("p", standing), details(state));
  }

  function details(state) {
    const box = element("div", "", { class: "details", tabindex: "0", role: "group", "aria-label": "What is wrong" });
    if (state.crash) {
      box.append(element("pre", state.crash));
      return box;
    }
    const list = element("ol");
    for (const fault of state.faults) {
      const place = [fault.path, fault.line ? `line ${fault.line}` : "", fault.field].filter(Boolean).join(", ");
      const item = element("li");
      item.append(element("code", place), element("p", fault.wrong), element("p", fault.instead));
      list.append(item);
    }
    box.append(list);
    if (state.more) box.append(element("p", `And ${state.more} more: ./run check lists them all.`));
    return box;
  }

  faults.addEventListener("keydown", (event) => {
    if (event.key === "Escape") faults.querySelector("button")?.click();
  });

  // ---------------------------------------------------------------- listening

  function receive(state) {
    if (waiting !== undefined) {
      if (String(state.number) !== waiting) location.reload();
      return;
    }
    showFaults(state);
    if (state.build === build) return;
    if (state.build && state.restyled === build) restyle(state.build);
    else location.reload();
  }

  function answering(yes) {
    clearTimeout(lostTimer);
    // A line that is back within the second was not worth a word.
    lostTimer = yes ? 0 : setTimeout(() => { connection.textContent = LOST; }, 1000);
    if (yes) connection.textContent = "";
  }

  function listen() {
    close();
    source = new EventSource("/_preview/events");
    source.onopen = () => answering(true);
    source.onmessage = (event) => receive(JSON.parse(event.data));
    source.onerror = () => {
      answering(false);
      if (source?.readyState === EventSource.CLOSED) setTimeout(listenIfSeen, 2000);
    };
  }

  function close() {
    source?.close();
    source = null;
  }

  // A browser keeps six lines to a host. A tab that nobody looks at gives its own up, and learns
  // what it missed when it is looked at again.
  function listenIfSeen() {
    if (document.visibilityState === "visible") listen();
    else close();
  }

  document.body.append(host);
  document.addEventListener("visibilitychange", listenIfSeen);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) listenIfSeen(); });
  listenIfSeen();
})();
