// The question before something that moves fans: without this file it stands in the page, with it over the page.
"use strict";

{
  const ask = document.querySelector("dialog.ask");
  ask.close();
  ask.showModal();
  ask.querySelector("button").focus();
  ask.addEventListener("cancel", (event) => {
    event.preventDefault();
    ask.querySelector("a").click();
  });
}
