// The drawing of a link, which this tab kept while somebody logged in at another site (vizapp/serving/gate.py).
(() => {
  try {
    const link = sessionStorage.getItem("vizapp:link");
    sessionStorage.removeItem("vizapp:link");
    if (link && !location.hash) history.replaceState(history.state, "", link);
  } catch {
    // Storage may be forbidden; then there is nothing.
  }
})();
