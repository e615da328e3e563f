// The delivery page moves by itself: asked for again and again, changed in place, so that focus, open parts and
// scroll stay. Without this file a link fetches it anew.
"use strict";

const two = (number) => String(Math.floor(number)).padStart(2, "0");

// Make `there` like `fresh`, keeping every element that can be kept, and what people did to it.
function become(there, fresh) {
  if (there.nodeType !== fresh.nodeType || there.nodeName !== fresh.nodeName) return there.replaceWith(fresh.cloneNode(true));
  if (there.nodeType === Node.TEXT_NODE) {
    if (there.data !== fresh.data) there.data = fresh.data;
    return;
  }
  if (there.dataset.keep !== undefined) return;
  const theirs = there.matches("details, dialog") ? ["open"] : [];
  [...there.attributes].forEach(({ name }) => { if (!fresh.hasAttribute(name) && !theirs.includes(name)) there.removeAttribute(name); });
  [...fresh.attributes].forEach(({ name, value }) => { if (there.getAttribute(name) !== value && !theirs.includes(name)) there.setAttribute(name, value); });
  const [now, then] = [[...there.childNodes], [...fresh.childNodes]];
  then.forEach((child, place) => { if (now[place]) become(now[place], child); else there.append(child.cloneNode(true)); });
  now.slice(then.length).forEach((child) => child.remove());
}

class Night {
  constructor(box) {
    this.box = box;
    this.every = Number(box.dataset.every);
    this.failures = 0;
    this.spokenAt = -Infinity;
    this.head = document.getElementById("head");
    this.situation = this.head.dataset.situation;
    this.said = this.head.dataset.spoken;
    this.set(box.dataset.now);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
    setInterval(() => this.tick(), 1000);
    this.tick();
    this.wait(this.every);
  }

  // The campaign's clock is the server's, counted on in the page.
  set(milliseconds) { this.ahead = Number(milliseconds) - performance.now(); }
  now() { return performance.now() + this.ahead; }
  clock(zone) { return new Date(this.now()).toLocaleTimeString("en-GB", { timeZone: zone }); }

  tick() {
    all("[data-clock]").forEach((shown) => { shown.textContent = this.clock(shown.dataset.clock); });
    all("[data-until]").forEach((shown) => {
      const left = Math.max(0, Math.ceil((Number(shown.dataset.until) - this.now()) / 1000)), minutes = Math.floor(left / 60);
      shown.textContent = left < 3600 ? `${two(minutes)}:${two(left % 60)}`
        : minutes < 1440 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
        : `${Math.floor(minutes / 1440)} d ${Math.floor(minutes / 60) % 24} h`;
      if (!left && !this.asking) this.ask();
    });
  }

  wait(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), seconds * 1000);
  }

  async ask() {
    clearTimeout(this.timer);
    if (document.hidden || this.asking) return;
    this.asking = true;
    try {
      const answer = await fetch(this.box.dataset.figures, { headers: { "HX-Request": "true", ...(this.etag && { "If-None-Match": this.etag }) } });
      if (answer.status === 401) return location.reload();
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      this.set(answer.headers.get("X-Now"));
      this.every = Number(answer.headers.get("X-Every")) || this.every;
      if (answer.status === 200) this.show(await answer.text(), answer.headers.get("ETag"));
      this.found();
    } catch { this.lost(); } finally { this.asking = false; }
  }

  show(html, etag) {
    this.etag = etag;
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    [...fresh.children].forEach((part) => {
      const there = document.getElementById(part.id);
      if (there) become(there, part);
    });
    all("[data-state]").forEach((shown) => { shown.innerHTML = document.getElementById("sleeve-state").innerHTML; });
    const { headline, situation, spoken } = this.head.dataset;
    document.title = `${headline ? `${headline} · ` : ""}${this.box.dataset.title} · Upbeat`;
    if (situation !== this.situation) this.speak(this.head.querySelector("h1").textContent);
    else if (spoken !== this.said && performance.now() - this.spokenAt > 30000) this.speak(spoken);
    this.situation = situation;
  }

  speak(words) {
    document.getElementById("spoken").textContent = words;
    this.said = this.head.dataset.spoken;
    this.spokenAt = performance.now();
  }

  found() {
    this.failures = 0;
    document.getElementById("lost").hidden = true;
    const live = document.getElementById("live");
    if (live) { live.textContent = "Live"; live.classList.remove("gone"); }
    this.tick();
    this.wait(this.every);
  }

  lost() {
    const seconds = Math.min(15, 2 ** ++this.failures), notice = document.getElementById("lost");
    if (this.failures === 1) this.seen = this.clock(this.box.dataset.place);
    notice.querySelector("p").textContent = `This page lost its connection at ${this.seen}. Delivery goes on without it. Trying again in ${seconds} s.`;
    notice.hidden = false;
    const live = document.getElementById("live");
    if (live) { live.textContent = `Last seen ${this.seen}`; live.classList.add("gone"); }
    this.wait(seconds);
  }
}

// What moves fans is asked once more, in a dialog that names how many.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]"), closer = event.target.closest("[data-close]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});

// A pasted link is looked at at once.
document.addEventListener("paste", (event) => {
  if (event.target.id === "f-link") setTimeout(() => event.target.form.requestSubmit());
});

all("[data-figures]").forEach((box) => new Night(box));
