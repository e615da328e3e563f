// Runs before the page is drawn: what needs no script is shown only where there is none.
document.documentElement.classList.add("js");
