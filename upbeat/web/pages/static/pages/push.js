// Notify this phone. Fetched only for who taps "Allow"; the permission was asked for in the tap itself (fan.js).

const WORKER = "/push-worker.js", SCOPE = "/push/";
const APP = /Instagram|FBA[NV]|TikTok|musical_ly|Bytedance|Snapchat|Pinterest|LinkedInApp|Line\/|; wv\)/i;
const APPLE = /iPhone|iPad|iPod/;

/** `asked` is the promise of the browser's own question, or null where there is none to ask. */
export async function notify(row, asked) {
  if (!asked || !("serviceWorker" in navigator)) return end(row, whyNot());
  const answer = await asked;
  if (answer === "denied") return end(row, "blocked");
  if (answer !== "granted") return say(row, "again");
  try {
    return send(row, await subscribed(row.dataset.key));
  } catch {
    return say(row, "failed");
  }
}

function whyNot() {
  const who = navigator.userAgent, tablet = /Macintosh/.test(who) && navigator.maxTouchPoints > 1;
  if (APP.test(who)) return "app";
  return APPLE.test(who) || tablet ? "home" : "cannot";
}

/* The sentence is the one that the row's own address shows without script. */

async function say(row, why) {
  const page = document.createElement("template");
  page.innerHTML = await (await fetch(`${row.href}?why=${why}`)).text();
  const note = row.querySelector("small") ?? row.querySelector(".name").appendChild(document.createElement("small"));
  note.setAttribute("role", "status");
  note.textContent = "";
  setTimeout(() => { note.textContent = page.content.querySelector("[data-why]").textContent; }, 50);
}

async function end(row, why) {
  await say(row, why);
  row.classList.add("off");
  row.removeAttribute("href");
  row.querySelector(".pill")?.remove();
}

/* The worker's scope holds no page: it wakes up for a message and for nothing else. */

async function subscribed(key) {
  const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  await active(registration);
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  const had = await registration.pushManager.getSubscription();
  if (had && String(new Uint8Array(had.options.applicationServerKey)) !== String(wanted.applicationServerKey)) {
    await had.unsubscribe();
  }
  return registration.pushManager.subscribe(wanted);
}

function active(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return undefined;
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("not installed"));
    });
  });
}

function bytes(key) {
  const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function send(row, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const service = row.closest("dialog").querySelector("select[name=service]")?.value ?? row.dataset.service ?? "";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const form = Object.assign(document.createElement("form"), { method: "post", action: row.href });
  for (const [name, value] of Object.entries({ endpoint, ...keys, service, zone })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}
