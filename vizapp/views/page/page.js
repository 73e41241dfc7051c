// Before the first paint: the theme the person chose, or else the system's.
(() => {
  const root = document.documentElement;
  const stored = (value) => {
    try {
      if (value) localStorage.setItem("vizapp:theme", value);
      const kept = localStorage.getItem("vizapp:theme");
      return ["light", "dark"].includes(kept) ? kept : null;
    } catch {
      return null; // storage may be forbidden, as in a sandboxed iframe
    }
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => (root.dataset.theme = stored() ?? (system.matches ? "dark" : "light"));
  follow();
  system.addEventListener("change", follow);
  root.dataset.panes = "both";
  root.dataset.aside = "node";
  root.dataset.view = "flat";
  // On a narrow screen, one pane at a time.
  const show = (view) => {
    root.dataset.view = view;
    for (const button of document.querySelectorAll(".views button")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    dispatchEvent(new Event("resize"));
  };
  // Once: some library says it again when it is done.
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme").addEventListener("click", () => {
      stored((root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"));
    });
    for (const button of document.querySelectorAll(".views button")) {
      button.addEventListener("click", () => show(button.dataset.view));
    }
    show(root.dataset.view);
    const help = document.getElementById("help");
    document.getElementById("help-button").addEventListener("click", () => help.showModal());
    help.addEventListener("click", (event) => event.target === help && help.close());
  }, { once: true });
})();
