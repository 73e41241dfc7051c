/** Where there is no page of ours, as in a notebook: its theme is followed, and colours are brought along. */

const ID = "vizapp-tokens";

/** `tokens`: CSS of the page's variables; here only what stands in an element of class "vizapp" has them. */
export function settleIn(tokens: string): void {
  if (!document.getElementById(ID)) {
    const style = document.createElement("style");
    style.id = ID;
    const own = tokens.replace(/:root\[data-theme="dark"\]/g, ':root[data-theme="dark"] .vizapp').replace(/:root(?!\[)/g, ".vizapp");
    style.textContent = `${own}\n.vizapp { --pad: 300px; font: 14px/1.45 var(--font); color: var(--ink); background: var(--surface); }`;
    document.head.append(style);
  }
  follow();
  new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
}

/** Of JupyterLab and of VS Code; elsewhere it is light, as notebooks are. */
function follow(): void {
  const { jpThemeLight, vscodeThemeKind = "" } = document.body.dataset;
  const dark = jpThemeLight === "false" || /dark|high-contrast$/.test(vscodeThemeKind);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
