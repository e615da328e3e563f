// What makes the pages smooth. Each of them works as plain forms and links without this file.
"use strict";

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Things that only a script can do are shown only when there is one.
function reveal(within) {
  all("[data-copy][hidden], [data-eye][hidden]", within).forEach((button) => { button.hidden = false; });
  all('input[type="date"]', within).forEach(face);
}

// A day reads "Fri 26 Mar 2027" and not as the browser's language has it.
function face(input) {
  let shown = input.parentNode.querySelector(".face");
  if (!shown) {
    shown = document.createElement("span");
    shown.className = "face";
    shown.setAttribute("aria-hidden", "true");
    input.after(shown);
  }
  const day = input.value && new Date(`${input.value}T00:00:00Z`);
  const parts = (options) => day.toLocaleDateString("en-GB", { timeZone: "UTC", ...options });
  shown.textContent = day ? `${parts({ weekday: "short" })} ${day.getUTCDate()} ${parts({ month: "short" })} ${day.getUTCFullYear()}` : "Choose a day";
  input.toggleAttribute("data-face", true);
}

// The words below a field come from the server; the field itself is only marked, so that typing goes on.
function mark(says) {
  const question = says.closest(".question");
  if (!question) return;
  const at = says.querySelector("[data-at]")?.dataset.at;
  all("input, select", question).forEach((field) => {
    if (at && field.name === at) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  });
}

function toast(words) {
  const shown = document.createElement("p");
  shown.className = "toast";
  shown.textContent = words;
  document.getElementById("toasts")?.append(shown);
  setTimeout(() => shown.remove(), 6000);
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("span");
  if (!words) return toast("Link copied");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  setTimeout(() => { words.textContent = before; }, 3000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-eye], [data-preview]");
  if (!button) {
    all("details.me[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    return;
  }
  if (button.dataset.copy) copy(button);
  if ("eye" in button.dataset) {
    const input = button.parentNode.querySelector("input");
    input.type = input.type === "password" ? "text" : "password";
    button.setAttribute("aria-label", input.type === "password" ? "Show the password" : "Hide the password");
  }
  if (button.dataset.preview) {
    all("[data-preview]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    document.getElementById("preview").src = button.dataset.preview;
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector("#q, #find")?.focus();
  }
  if (event.key === "Escape") all("details.me[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});

// A form that asks a service or moves to another page says that it works.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-working]") || event.defaultPrevented || event.submitter?.matches("[hx-post]")) return;
  const button = event.submitter || form.querySelector("button:not([type])");
  if (!button) return;
  setTimeout(() => { button.classList.add("working"); button.textContent = "Working…"; button.disabled = true; });
});

document.addEventListener("change", (event) => {
  if (event.target.matches('input[type="date"]')) face(event.target);
  if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
});

// The preview follows 300 ms after the last change, and nothing in it can be pressed.
let stale;
document.addEventListener("page-changed", () => {
  clearTimeout(stale);
  stale = setTimeout(() => document.getElementById("preview")?.contentWindow.location.reload(), 300);
});
function still(frame) {
  const inner = frame.contentDocument;
  if (!inner) return;
  ["click", "submit"].forEach((kind) => inner.addEventListener(kind, (event) => { event.preventDefault(); event.stopPropagation(); }, true));
}
all("#preview").forEach((frame) => { frame.addEventListener("load", () => still(frame)); still(frame); });

document.addEventListener("htmx:oobAfterSwap", (event) => {
  const there = document.getElementById(event.detail.target.id);
  if (!there) return;
  if (there.matches(".says")) mark(there);
  const address = document.getElementById("f-slug");
  if (there.id === "sleeve" && address) address.placeholder = there.dataset.slug;
  reveal(there);
});

// Countdowns tick in the page, from the seconds the server gave.
function tick() {
  all("[data-countdown]").forEach((shown) => {
    shown.ends ??= performance.now() + Number(shown.dataset.countdown) * 1000;
    const left = Math.max(0, Math.ceil((shown.ends - performance.now()) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const days = Math.floor(left / 86400), hours = Math.floor(left / 3600) % 24, minutes = Math.floor(left / 60) % 60;
    shown.textContent = days ? `${days} d ${hours} h` : hours ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${two(minutes)}:${two(left % 60)}`;
  });
}

reveal(document);
all("[data-zone]:not([data-chosen])").forEach((select) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (all("option", select).some((option) => option.value === zone)) select.value = zone;
});
all("[data-focus]").forEach((notice) => notice.focus());
all("[data-toast]").forEach((shown) => setTimeout(() => shown.remove(), 6000));
tick();
setInterval(tick, 1000);
