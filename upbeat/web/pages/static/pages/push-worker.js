// The service worker of who asked to be notified: it shows the message and opens its link, and does nothing else.
"use strict";

addEventListener("install", () => skipWaiting());

addEventListener("push", (event) => {
  const { title, body, url, icon, lang, tag } = event.data.json();
  event.waitUntil(registration.showNotification(title, { body, icon, lang, tag, data: url }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});
