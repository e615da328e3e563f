// The list follows what is typed, and the address follows the list, so that Back and a reload show it again.
"use strict";

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id === "search" && event.detail.successful) {
    const query = [...new FormData(event.detail.elt)].filter(([, value]) => value);
    history.replaceState(null, "", `?${new URLSearchParams(query)}`);
    document.querySelectorAll(".exports a[href*='/fans.']").forEach((link) => { link.search = location.search; });
  }
});
