// A stand-in for MusicKit JS v3: the same names, events and errors, as far as asking a fan and calling the API go.
// Playing is not played: those members are there and do nothing. Invented from the public typed interface.
"use strict";

(() => {
  const HERE = document.currentScript ? document.currentScript.src : location.href;
  const ROOT = new URL(HERE).origin + "/apple_music";
  const WINDOW = { width: 650, height: 650 };
  const AuthStatus = { NOT_DETERMINED: 0, DENIED: 1, RESTRICTED: 2, AUTHORIZED: 3 };

  /* Errors */

  const ERRORS = [
    "ACCESS_DENIED", "AGE_VERIFICATION", "AUTHORIZATION_ERROR", "BUFFER_ERROR", "CONFIGURATION_ERROR",
    "CONTENT_EQUIVALENT", "CONTENT_RESTRICTED", "CONTENT_UNAVAILABLE", "CONTENT_UNSUPPORTED", "DEVICE_LIMIT",
    "INTERNAL_ERROR", "INVALID_ARGUMENTS", "MEDIA_CERTIFICATE", "MEDIA_DESCRIPTOR", "MEDIA_KEY", "MEDIA_LICENSE",
    "MEDIA_PLAYBACK", "MEDIA_SESSION", "NETWORK_ERROR", "NOT_FOUND", "OUTPUT_RESTRICTED", "PARSE_ERROR",
    "PLAY_ACTIVITY", "PLAYREADY_CBC_ENCRYPTION_ERROR", "QUOTA_EXCEEDED", "REQUEST_ERROR", "SERVER_ERROR",
    "SERVICE_UNAVAILABLE", "STREAM_UPSELL", "SUBSCRIPTION_ERROR", "TOKEN_EXPIRED", "UNAUTHORIZED_ERROR",
    "UNKNOWN_ERROR", "UNSUPPORTED_ERROR", "USER_INTERACTION_REQUIRED", "WIDEVINE_CDM_EXPIRED",
  ];

  class MKError extends Error {
    constructor(errorCode = "UNKNOWN_ERROR", description = "") {
      super(description ? `${errorCode}: ${description}` : errorCode);
      this.name = errorCode;
      this.errorCode = errorCode;
      this.description = description || errorCode;
      this.isMKError = true;
    }
  }
  for (const code of ERRORS) MKError[code] = code;

  const BY_STATUS = { 401: "UNAUTHORIZED_ERROR", 403: "ACCESS_DENIED", 404: "NOT_FOUND", 429: "QUOTA_EXCEEDED",
    503: "SERVICE_UNAVAILABLE" };

  /* Events */

  const Events = Object.fromEntries([
    "authorizationStatusDidChange", "authorizationStatusWillChange", "autoplayEnabledDidChange",
    "bufferedProgressDidChange", "configured", "eligibleForSubscribeView", "loaded", "mediaCanPlay",
    "mediaElementCreated", "mediaItemStateDidChange", "mediaItemStateWillChange", "mediaPlaybackError",
    "metadataDidChange", "nowPlayingItemDidChange", "playbackBitrateDidChange", "playbackDurationDidChange",
    "playbackProgressDidChange", "playbackStateDidChange", "playbackStateWillChange", "playbackTimeDidChange",
    "playbackVolumeDidChange", "queueItemsDidChange", "queuePositionDidChange", "repeatModeDidChange",
    "shuffleModeDidChange", "storefrontCountryCodeDidChange", "storefrontIdentifierDidChange",
    "userTokenDidChange",
  ].map((name) => [name, name]));

  class Voice {
    #listeners = new Map();

    addEventListener(name, callback, options = {}) {
      const known = this.#listeners.get(name) ?? [];
      this.#listeners.set(name, [...known, { callback, once: Boolean(options?.once) }]);
    }

    removeEventListener(name, callback) {
      const known = this.#listeners.get(name) ?? [];
      this.#listeners.set(name, callback ? known.filter((one) => one.callback !== callback) : []);
    }

    dispatchEvent(name, event) {
      for (const one of this.#listeners.get(name) ?? []) {
        if (one.once) this.removeEventListener(name, one.callback);
        one.callback(event);
      }
    }
  }

  /* The API */

  class API {
    #kit;

    constructor(kit) {
      this.#kit = kit;
    }

    async music(path, queryParameters = {}, options = {}) {
      const where = new URL(`${ROOT}/api/${String(path).replace(/^\//, "").replace("{{storefrontId}}", this.#kit.storefrontId)}`);
      for (const [name, value] of Object.entries(queryParameters)) {
        where.searchParams.set(name, Array.isArray(value) ? value.join(",") : String(value));
      }
      const given = options.fetchOptions ?? {};
      const headers = { Authorization: `Bearer ${this.#kit.developerToken}`, ...(given.headers ?? {}) };
      if (this.#kit.musicUserToken) headers["Music-User-Token"] = this.#kit.musicUserToken;
      let response;
      try {
        response = await fetch(where, { ...given, headers });
      } catch (problem) {
        throw new MKError("NETWORK_ERROR", String(problem));
      }
      const body = await response.text();
      if (!response.ok) throw new MKError(BY_STATUS[response.status] ?? "SERVER_ERROR", `${response.status}`);
      return { data: body ? JSON.parse(body) : undefined, request: { url: where.href }, response };
    }
  }

  /* The instance */

  const PLAYER = ["changeToMediaAtIndex", "changeToMediaItem", "clearQueue", "exitFullscreen", "mute", "pause", "play",
    "playAt", "playLater", "playNext", "requestFullscreen", "seekBackward", "seekForward", "seekToTime", "setQueue",
    "skipToNextItem", "skipToPreviousItem", "stop", "unmute"];
  const NOTHING = { bitrate: 256, currentPlaybackDuration: 0, currentPlaybackProgress: 0, currentPlaybackTime: 0,
    currentPlaybackTimeRemaining: 0, isPlaying: false, nowPlayingItem: undefined, nowPlayingItemIndex: -1,
    playbackRate: 1, playbackState: 0, previewOnly: false, queueIsEmpty: true, repeatMode: 0, shuffleMode: 0,
    volume: 1 };

  class MusicKitInstance extends Voice {
    #config;
    #token = "";
    #country = "";

    constructor(config, issuer) {
      super();
      this.#config = config;
      this.#key = `music.${issuer}.media-user-token`;
      this.#token = read(this.#key);
      this.api = new API(this);
      this.queue = { items: [], length: 0, isEmpty: true, position: -1 };
      Object.assign(this, NOTHING);
    }

    #key;

    get developerToken() { return this.#config.developerToken; }
    get isAuthorized() { return this.#token !== ""; }
    get musicUserToken() { return this.#token || undefined; }
    get authorizationStatus() { return this.isAuthorized ? AuthStatus.AUTHORIZED : AuthStatus.NOT_DETERMINED; }
    get storefrontId() { return this.#config.storefrontId ?? (this.#country || "us"); }
    get storefrontCountryCode() { return this.#country || "us"; }

    // Must be called from a tap: it opens a window.
    async authorize() {
      if (this.isAuthorized) return this.#token;
      this.dispatchEvent(Events.authorizationStatusWillChange, { authorizationStatus: this.authorizationStatus });
      const token = await ask(this.#config);
      this.#keep(token);
      await this.#learnStorefront();
      return token;
    }

    async unauthorize() {
      this.dispatchEvent(Events.authorizationStatusWillChange, { authorizationStatus: this.authorizationStatus });
      this.#keep("");
    }

    async changeUserStorefront(storefrontId) {
      this.#country = storefrontId;
      this.dispatchEvent(Events.storefrontCountryCodeDidChange, { storefrontCountryCode: storefrontId });
    }

    #keep(token) {
      this.#token = token;
      write(this.#key, token);
      this.dispatchEvent(Events.authorizationStatusDidChange, { authorizationStatus: this.authorizationStatus });
      this.dispatchEvent(Events.userTokenDidChange, { userToken: token });
    }

    async #learnStorefront() {
      try {
        const { data } = await this.api.music("/v1/me/storefront");
        await this.changeUserStorefront(data.data[0].id);
      } catch (problem) {
        if (problem.errorCode === "UNAUTHORIZED_ERROR") this.dispatchEvent(Events.eligibleForSubscribeView, {});
      }
    }
  }
  for (const name of PLAYER) MusicKitInstance.prototype[name] = async () => undefined;

  /* The window that asks */

  function ask(config) {
    const said = btoa(unescape(encodeURIComponent(JSON.stringify({
      thirdPartyIconURL: config.app.icon ?? "",
      thirdPartyName: config.app.name,
      thirdPartyToken: config.developerToken,
    }))));
    const where = new URL(`${ROOT}/authorize/woa`);
    where.search = new URLSearchParams({ a: said, referrer: location.href, app: "music", p: "subscribe" });
    const features = `width=${WINDOW.width},height=${WINDOW.height},left=80,top=80,resizable,scrollbars`;
    const opened = window.open(where, "apple-music-service-view", features);
    return new Promise((resolve, reject) => {
      if (!opened) return reject(new MKError("AUTHORIZATION_ERROR", "The window could not be opened"));
      const end = (settle, value) => {
        clearInterval(watching);
        removeEventListener("message", heard);
        opened.close();
        settle(value);
      };
      const unauthorized = () => new MKError("AUTHORIZATION_ERROR", "Unauthorized");
      function heard({ origin, data }) {
        if (origin !== where.origin || data?.musickit !== "sandbox") return;
        if (data.method === "authorize" && data.params?.[0]) end(resolve, data.params[0]);
        else end(reject, unauthorized());
      }
      // What the window said last may arrive after it is closed.
      const gone = () => setTimeout(() => end(reject, unauthorized()), 300);
      const watching = setInterval(() => { if (opened.closed) clearInterval(watching), gone(); }, 300);
      addEventListener("message", heard);
      return undefined;
    });
  }

  /* What is remembered between visits */

  function read(key) {
    try { return localStorage.getItem(key) ?? ""; } catch { return ""; }
  }

  function write(key, value) {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch { /* a browser that keeps nothing */ }
  }

  /* MusicKit */

  let instance;

  async function configure(config) {
    if (!config?.developerToken) throw new MKError("CONFIGURATION_ERROR", "A developer token is needed");
    if (!config.app?.name) throw new MKError("CONFIGURATION_ERROR", "app.name is needed");
    let claims;
    try {
      claims = JSON.parse(atob(config.developerToken.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    } catch {
      throw new MKError("CONFIGURATION_ERROR", "Invalid developer token");
    }
    if (claims.exp * 1000 <= Date.now()) throw new MKError("TOKEN_EXPIRED", "The developer token has expired");
    instance = new MusicKitInstance(config, claims.iss);
    document.dispatchEvent(new CustomEvent("musickitconfigured"));
    return instance;
  }

  window.MusicKit = {
    version: "3.sandbox",
    configure,
    getInstance: () => instance,
    MKError,
    errors: ERRORS,
    AuthorizationStatus: AuthStatus,
    AuthStatus,
    Events,
    PlaybackBitrate: { 64: "STANDARD", 256: "HIGH", STANDARD: 64, HIGH: 256 },
    PlaybackStates: { none: 0, loading: 1, playing: 2, paused: 3, stopped: 4, ended: 5, seeking: 6, waiting: 8,
      stalled: 9, completed: 10 },
    PlayerRepeatMode: { none: 0, one: 1, all: 2 },
    PlayerShuffleMode: { off: 0, songs: 1 },
    formatArtworkURL: (artwork, width, height) => artwork.url
      .replace("{w}", width ?? artwork.width).replace("{h}", height ?? width ?? artwork.height).replace("{f}", "jpg"),
    formattedMilliseconds: (value) => ({ hours: Math.floor(value / 36e5), minutes: Math.floor(value / 6e4) % 60 }),
    formattedSeconds: (value) => ({ hours: Math.floor(value / 3600), minutes: Math.floor(value / 60) % 60 }),
    formatMediaTime: (seconds, separator = ":") =>
      `${Math.floor(seconds / 60)}${separator}${String(Math.floor(seconds % 60)).padStart(2, "0")}`,
  };
  setTimeout(() => document.dispatchEvent(new Event("musickitloaded")), 0);
})();
