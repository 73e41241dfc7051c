// In a frame of another page: only the panes that the address names, as in ?embed=pad,answer,flat (views/share.py).
(() => {
  const PANES = ["pad", "answer", "seen", "flat", "scene", "edges", "inspector", "timeline"];
  const asked = new URLSearchParams(location.search).get("embed");
  if (asked === null) return;
  const { dataset } = document.documentElement;
  const names = asked.split(",").map((name) => name.trim()).filter(Boolean);
  const unknown = names.filter((name) => !PANES.includes(name));
  const panes = PANES.filter((name) => names.includes(name));
  // Told as soon as there is a place for it: js/src/link.ts.
  if (unknown.length) {
    dataset.embedNotice = `There is no pane called “${unknown[0].slice(0, 40)}”. There are: ${PANES.join(", ")}.`;
  }
  if (!panes.length) return;
  dataset.embed = panes.join(" ");
  dataset.panes = !panes.includes("scene") ? "flat" : !panes.includes("flat") ? "3D" : "both";
})();
