// The fan pages' one script. Everything works without it up to the service's permission page; with it, smoothly.
"use strict";

const page = document.querySelector("main");
const [YOURS, YOURS_IN, COPIED, OPENING, MORE, NOBODY, DAY_PATTERN, TIME_PATTERN] = document.body.dataset.words.split("|");
const fill = (pattern, ...values) => pattern.replace(/\{\w*\}/g, () => values.shift());
const named = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/* Moments in the fan's own time */

function parts(at) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
}

const dayOf = (at) => named(DAY_PATTERN, parts(at));
const timeOf = (at) => named(TIME_PATTERN, parts(at));

function zoneName(at) {
  const ask = (timeZoneName) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZoneName })
    .formatToParts(at).find((part) => part.type === "timeZoneName").value;
  try {
    return ask("longGeneric").replace(/ Time$/, "");
  } catch {
    return ask("long");
  }
}

function showOwnTimes() {
  for (const time of document.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.textContent = "day" in time.dataset ? dayOf(at) : timeOf(at);
  }
  for (const whose of document.querySelectorAll("[data-whose]")) whose.textContent = YOURS;
  const where = document.querySelector("[data-zone]");
  if (where) where.textContent = fill(YOURS_IN, zoneName(new Date()));
}

/* The date line. It counts; it is no live region, so nobody has to listen to it. */

const date = document.querySelector(".date[data-opens]");
const HOUR = 3600, DAY = 86400;
const [IN, DAY1, DAYS, HOUR1, HOURS, HOURS_MINUTES, OUT, TOMORROW, TONIGHT, TODAY] = date?.dataset.words.split("|") ?? [];

// Of a local release the page says day and time alone, which a browser reads by its own clock.
const opensAt = () => new Date(date.dataset.opens);

function left(seconds) {
  const two = (value) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / DAY), hours = Math.floor(seconds / HOUR), minutes = Math.floor(seconds / 60);
  if (seconds >= 2 * DAY) {
    const rest = hours % 24;
    return `${days === 1 ? DAY1 : fill(DAYS, days)} ${rest === 1 ? HOUR1 : fill(HOURS, rest)}`;
  }
  return seconds >= HOUR ? fill(HOURS_MINUTES, hours, minutes % 60) : `${minutes}:${two(seconds % 60)}`;
}

function head(at, seconds) {
  const midnight = new Date();
  midnight.setHours(24, 0, 0, 0);
  const time = timeOf(at), hours = (at - midnight) / 36e5;
  if (seconds >= 2 * DAY || hours > 24) return fill(OUT, dayOf(at));
  if (hours < 0) return fill(at.getHours() < 18 ? TODAY : TONIGHT, time);
  return fill(hours === 0 && seconds < 12 * HOUR ? TONIGHT : TOMORROW, time);
}

let counted = false;

function tick() {
  const at = opensAt(), from = new Date(date.dataset.from), now = Date.now();
  const seconds = Math.max(0, Math.ceil((at - now) / 1000));
  const put = (where, text) => {
    const place = date.querySelector(where);
    if (place.textContent !== text) place.textContent = text;
  };
  put("[data-out]", head(at, seconds));
  put("[data-left]", fill(IN, left(seconds)));
  date.classList.toggle("ticking", seconds < HOUR);
  date.style.setProperty("--gone", Math.min(1, Math.max(0, (now - from) / (at - from))));
  counted ||= seconds > 0;
  if (seconds > 0) return setTimeout(tick, seconds <= HOUR + 1 ? 1000 - (now % 1000) : 20000);
  if (document.querySelector("dialog[open]")) return setTimeout(tick, 5000);
  // Out: the same address now shows the released page. Not all at once; and where a fan's clock is fast, not at once.
  return setTimeout(() => location.reload(), (counted ? 500 : 30000) + Math.random() * 2500);
}

/* The sheet: a tap opens it in place; its own address holds the same without script. */

// Not `open` and `close`: those would be the window's own, which MusicKit needs.
let lastTapped = null;

function openSheet(sheet) {
  document.querySelector(".scrim")?.remove();
  page.inert = false;
  sheet.close();
  prepare(sheet);
  sheet.showModal();
  sheet.querySelector("h2").focus();
}

function closeSheet(sheet, back = true) {
  sheet.close();
  sheet.remove();
  document.title = document.title.split(" · ").slice(-2).join(" · ");
  if (back && history.state?.sheet) history.back();
  else if (back) history.replaceState(null, "", sheet.dataset.home);
  lastTapped?.focus();
}

async function openFrom(link) {
  const before = sheetNow();
  if (!before) lastTapped = link;
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const holder = document.createElement("template");
    holder.innerHTML = (await answer.text()).match(/<dialog[^]*<\/dialog>/)?.[0] ?? "";
    const sheet = holder.content.querySelector("dialog");
    if (!answer.ok || !sheet || "alone" in sheet.dataset) throw new Error("no sheet to show in place");
    // One sheet after another is one step of the way back.
    if (before) history.replaceState(history.state, "", link.href);
    else history.pushState({ sheet: true }, "", link.href);
    before?.remove();
    document.body.append(sheet);
    openSheet(sheet);
  } catch {
    location.href = link.href;
  }
}

const sheetNow = () => document.querySelector("dialog.sheet");

addEventListener("popstate", () => {
  const sheet = sheetNow();
  if (sheet) closeSheet(sheet, false);
  else if (history.state?.sheet) location.reload();
});

/* Going: "Opening Spotify" */

function tell(text, seen = true) {
  let toast = document.querySelector(".toast");
  if (!toast) {
    toast = document.createElement("p");
    toast.setAttribute("role", "status");
    (sheetNow() ?? document.body).append(toast);
  }
  toast.className = seen ? "toast" : "toast vh";
  setTimeout(() => { toast.textContent = text; }, 50);
  if (seen) setTimeout(() => toast.remove(), 4000);
}

function going(row, label) {
  row.classList.add("going");
  const pill = row.querySelector(".pill");
  const note = row.querySelector("small") ?? row.querySelector(".name").appendChild(document.createElement("small"));
  Object.assign(note.dataset, { before: note.textContent });
  note.textContent = fill(OPENING, label);
  pill.dataset.before = pill.textContent;
  pill.innerHTML = '<i class="dots"><i></i><i></i><i></i><i></i></i>';
  tell(note.textContent, false);
}

function comeBack() {
  for (const row of document.querySelectorAll(".going")) {
    row.classList.remove("going");
    for (const part of row.querySelectorAll("[data-before]")) part.textContent = part.dataset.before;
  }
}

/* Share: the system's own way, else the link is copied. */

async function share() {
  const url = document.body.dataset.url;
  try {
    if (navigator.share) return await navigator.share({ title: document.querySelector("h1").textContent, url });
    await navigator.clipboard.writeText(url);
    tell(COPIED);
  } catch (problem) {
    if (problem.name !== "AbortError") tell(url);
  }
}

async function copy(url) {
  try {
    await navigator.clipboard.writeText(url);
    tell(COPIED);
  } catch {
    tell(url);
  }
}

/* Notify this phone: a browser wants its permission to be asked for in the tap; the rest is fetched only then. */

function notify(row) {
  const asked = "PushManager" in window ? Notification.requestPermission() : null;
  import(row.dataset.push).then((push) => push.notify(row, asked)).catch(() => { location.href = row.href; });
}

/* Forms */

function prepare(where) {
  for (const field of where.querySelectorAll("input[name=zone]")) field.value = zone;
}

function countFollows() {
  const names = [...document.querySelectorAll("[name=follow]:checked")]
    .map((box) => box.closest("label").querySelector("bdi").textContent);
  const text = names.length > 1 ? fill(MORE, names[0], names.length - 1) : names[0] ?? NOBODY;
  document.querySelector("[data-follows]").textContent = text;
}

/* What a tap, a key and a form do */

document.addEventListener("click", (event) => {
  const plain = !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  const link = event.target.closest("a");
  const sheet = sheetNow();
  if (sheet && event.target === sheet && outside(sheet, event)) return closeSheet(sheet);
  if (!link || !plain) return undefined;
  if ("share" in link.dataset) return event.preventDefault(), share();
  if (link.dataset.copy) return event.preventDefault(), copy(link.dataset.copy);
  if ("close" in link.dataset && sheet) return event.preventDefault(), closeSheet(sheet);
  if ("sheet" in link.dataset) return event.preventDefault(), openFrom(link);
  if ("push" in link.dataset) return event.preventDefault(), notify(link);
  if (link.matches(".row") && !link.download && link.querySelector("bdi")) {
    going(link, link.querySelector("bdi").textContent);
  }
  return undefined;
});

function outside(sheet, event) {
  const box = sheet.getBoundingClientRect();
  return event.clientY < box.top || event.clientX < box.left || event.clientX > box.right;
}

document.addEventListener("cancel", (event) => {
  event.preventDefault();
  closeSheet(event.target);
}, true);

document.addEventListener("submit", (event) => {
  const label = event.target.dataset.going;
  if (!label) return;
  event.target.closest("dialog").classList.add("going");
  event.submitter.textContent = fill(OPENING, label);
  tell(event.submitter.textContent, false);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "follow") countFollows();
});

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    comeBack();
    const sheet = sheetNow();
    if (sheet?.classList.contains("going")) location.reload();
  }
});

showOwnTimes();
prepare(document);
if (date) requestAnimationFrame(() => (still ? tick() : requestAnimationFrame(tick)));
if (sheetNow()) openSheet(sheetNow());
