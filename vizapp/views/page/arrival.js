// Until the page is connected: it says so when that takes long or goes wrong, and tries again.
(() => {
  const root = document.documentElement;
  const KEY = "vizapp:arrivals";
  const PATIENCE_MS = 15000;
  const OFTEN = 3;
  const tried = (set) => {
    try {
      if (set !== undefined) sessionStorage.setItem(KEY, set);
      return Number(sessionStorage.getItem(KEY));
    } catch {
      return OFTEN; // storage may be forbidden, and nobody counts: the patient pace
    }
  };
  let banner = null;
  const say = (words) => {
    if (!banner) {
      banner = document.createElement("div");
      banner.className = "banner";
      banner.setAttribute("role", "alert");
      const again = document.createElement("button");
      again.type = "button";
      again.className = "plain";
      again.textContent = "Reload now";
      again.addEventListener("click", () => location.reload());
      banner.append(document.createElement("span"), again);
      document.body.prepend(banner);
    }
    banner.firstChild.textContent = words;
  };
  const failed = () => {
    if ("linked" in root.dataset || banner?.dataset.failed) return;
    const times = tried(tried() + 1);
    say(
      times < OFTEN
        ? "The connection to the server could not be made. Trying again…"
        : "The page came, but no connection to its server. A proxy in between may not pass websockets on, or the server " +
          "may not know this address: whoever runs it can help (--allow-websocket-origin). Trying again…",
    );
    banner.dataset.failed = "";
    setTimeout(() => location.reload(), times < OFTEN ? 1500 * times : 10000);
  };
  const slow = setTimeout(() => say("The server is slow to answer…"), PATIENCE_MS);
  new MutationObserver((_, observer) => {
    observer.disconnect();
    clearTimeout(slow);
    banner?.remove();
    tried(0);
  }).observe(root, { attributeFilter: ["data-linked"] });
  // Bokeh keeps it to itself when its websocket does not open.
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", failed);
    }
  };
})();
