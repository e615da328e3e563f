// The way through MusicKit, on the one page that needs it. The service's own script asks in a window when the fan taps
// Continue; what it brings goes to our server in a form. Whatever fails leads to a page that says so.
"use strict";

{
  const form = document.querySelector("form[data-musickit]");
  const button = form.querySelector("button");
  const { musickit, token, name, back, fresh } = form.dataset;
  const PATIENCE = 12000;
  const WHY = {
    ACCESS_DENIED: "cancelled", AUTHORIZATION_ERROR: "cancelled", UNAUTHORIZED_ERROR: "cancelled",
    SUBSCRIPTION_ERROR: "no-subscription", UNSUPPORTED_ERROR: "blocked",
  };
  const tell = (what) => location.replace(`${form.getAttribute("action")}/${what}`);
  let kit;

  const loaded = () => new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: musickit, async: true });
    script.addEventListener("error", () => reject(new Error("blocked")));
    document.addEventListener("musickitloaded", resolve, { once: true });
    setTimeout(() => reject(new Error("late")), PATIENCE);
    document.head.append(script);
  });

  async function begin() {
    try {
      await loaded();
    } catch {
      return tell("blocked");
    }
    try {
      kit = await MusicKit.configure({ developerToken: token, app: { name, build: "1" } });
      // An earlier yes, kept by the browser, is what did not work: without this it would be brought once more.
      if (fresh && kit.isAuthorized) await kit.unauthorize();
    } catch {
      return tell("try-again");
    }
    button.disabled = false;
    return undefined;
  }

  async function begun() {
    const answer = await fetch(form.action, {
      method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok) throw new Error("no trip");
    return (await answer.json()).state;
  }

  function bring(fields) {
    const letter = Object.assign(document.createElement("form"), { method: "post", action: back, hidden: true });
    for (const [field, value] of Object.entries(fields)) {
      letter.append(Object.assign(document.createElement("input"), { type: "hidden", name: field, value }));
    }
    document.body.append(letter);
    letter.submit();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!kit) return;
    button.disabled = true;
    const asked = kit.authorize(); // first: a window may only be opened by the tap itself
    const state = begun();
    state.catch(() => {});
    try {
      const brought = await asked;
      if (brought) bring({ state: await state, code: brought });
      else tell("cancelled");
    } catch (problem) {
      tell(WHY[problem?.errorCode] ?? "try-again");
    }
  });

  button.disabled = true;
  button.hidden = false;
  begin();
}
