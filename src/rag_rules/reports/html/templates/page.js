// Filters, sorts, and keeps the choice in the address, so that a view can be linked to and survives a reload.
(function () {
  "use strict";
  var form = document.getElementById("filter");
  var shown = document.getElementById("shown");
  var rows = Array.prototype.slice.call(document.querySelectorAll("table.indicators tbody tr"));
  var worst = { red: 0, amber: 1, unrated: 2, green: 3, worse: 0, same: 1, better: 2, "": 3 };
  var order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  if (!form || !rows.length) return;

  rows = rows.map(function (row, place) {
    return {
      row: row, place: place, body: row.parentNode, status: row.dataset.s, movement: row.dataset.m,
      groups: row.dataset.g.split(" "), text: row.textContent.toLowerCase(),
      ref: row.cells[0].textContent, name: row.cells[1].firstChild.textContent
    };
  });
  var bodies = rows.map(function (each) { return each.body; }).filter(function (body, place, all) { return all.indexOf(body) === place; });
  var selects = Array.prototype.slice.call(form.querySelectorAll("select[data-column]"));
  var last = "";

  function compare(a, b) {
    var key = last, by = 0;
    if (key === "ref" || key === "name") by = order.compare(a[key], b[key]);
    else if (key) by = worst[a[key]] - worst[b[key]];
    return by || a.place - b.place;
  }

  function sort(key) {
    if (key === last) return;
    last = key;
    bodies.forEach(function (body) {
      rows.filter(function (each) { return each.body === body; }).sort(compare).forEach(function (each) { body.appendChild(each.row); });
    });
  }

  function apply() {
    var chosen = new FormData(form), statuses = chosen.getAll("status");
    var words = (chosen.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    rows.forEach(function (each) {
      var fits = (!statuses.length || statuses.indexOf(each.status) >= 0) &&
        selects.every(function (select) { return !select.selectedIndex || each.groups[select.dataset.column] === String(select.selectedIndex - 1); }) &&
        words.every(function (word) { return each.text.indexOf(word) >= 0; });
      each.row.hidden = !fits;
      count += fits;
    });
    bodies.forEach(function (body) { body.closest(".group").hidden = !body.querySelector("tr:not([hidden])"); });
    sort(chosen.get("sort") || "");
    shown.textContent = count ? shown.dataset.shown.replace("{shown}", count).replace("{total}", rows.length) : shown.dataset.nothing;
  }

  function remember() {
    var kept = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (value) kept.append(name, value); });
    var text = kept.toString();
    history.replaceState(null, "", text ? "#?" + text : location.pathname + location.search);
  }

  function recall() {
    if (location.hash && location.hash.slice(0, 2) !== "#?") return;
    var kept = new URLSearchParams(location.hash.slice(2));
    Array.prototype.forEach.call(form.elements, function (element) {
      if (!element.name) return;
      if (element.type === "checkbox") element.checked = kept.getAll(element.name).indexOf(element.value) >= 0;
      else element.value = kept.get(element.name) || "";
      if (element.selectedIndex === -1) element.selectedIndex = 0;
    });
  }

  function update() { apply(); remember(); }

  form.addEventListener("input", update);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(update); });
  window.addEventListener("hashchange", function () { recall(); apply(); });
  // A link to a row leaves the address as it is, and shows the row even where the choice has hidden it.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href^='#']");
    var target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    if (target.hidden) { form.reset(); apply(); remember(); }
    target.scrollIntoView();
    if (target.hasAttribute("tabindex")) target.focus({ preventScroll: true });
  });

  form.hidden = false;
  recall();
  apply();
})();
