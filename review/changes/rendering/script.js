"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const changes = [...document.querySelectorAll("[data-risk]")];
  const toggles = [...document.querySelectorAll("[data-filter]")];
  const chosen = { risk: new Set(), stack: new Set() };

  const read = () => {
    const fragment = new URLSearchParams(location.hash.slice(1));
    for (const kind of Object.keys(chosen)) chosen[kind] = new Set(fragment.getAll(kind));
  };
  const write = () => {
    const fragment = new URLSearchParams();
    for (const [kind, values] of Object.entries(chosen))
      for (const value of values) fragment.append(kind, value);
    const text = fragment.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  };
  const matches = (element) =>
    Object.entries(chosen).every(
      ([kind, values]) => values.size === 0 || values.has(element.dataset[kind])
    );
  const show = () => {
    let shown = 0;
    for (const change of changes) {
      change.hidden = !matches(change);
      if (!change.hidden) shown += Number(change.dataset.count);
    }
    for (const group of document.querySelectorAll("[data-group]"))
      group.hidden = ![...group.querySelectorAll("[data-risk]")].some((each) => !each.hidden)
        && (chosen.risk.size > 0 || (chosen.stack.size > 0 && !chosen.stack.has(group.dataset.group)));
    for (const toggle of toggles)
      toggle.setAttribute(
        "aria-pressed", String(chosen[toggle.dataset.filter].has(toggle.dataset.value)));
    const all = changes.reduce((sum, each) => sum + Number(each.dataset.count), 0);
    document.getElementById("shown").textContent =
      shown === all ? `All ${all} changes are shown.` : `${shown} of ${all} changes are shown.`;
    document.getElementById("clear").hidden = shown === all;
  };
  const toggle = (element) => {
    const values = chosen[element.dataset.filter];
    if (!values.delete(element.dataset.value)) values.add(element.dataset.value);
    write();
    show();
  };
  for (const each of toggles) {
    each.addEventListener("click", () => toggle(each));
    if (each.tagName !== "BUTTON")
      each.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        toggle(each);
      });
  }
  document.getElementById("clear").addEventListener("click", () => {
    for (const values of Object.values(chosen)) values.clear();
    write();
    show();
  });
  window.addEventListener("hashchange", () => { read(); show(); });
  const opened = new Set();
  window.addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      each.open = true;
      opened.add(each);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
    opened.clear();
  });
  read();
  show();
})();
