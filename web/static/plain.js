// Drafts, a connection that breaks, private links. Every page does its work without this file.
(function () {
  "use strict";
  var WEEK = 7 * 24 * 3600 * 1000, AGAIN = 10000, PATIENCE = 40000;
  var waiting = null, busy = false, later = null, cleared = false;

  function box(kind) { try { return window[kind]; } catch (refused) { return null; } }
  function put(kind, name, value) { try { box(kind).setItem(name, JSON.stringify(value)); } catch (full) { /* no draft then */ } }
  function take(kind, name) { try { return JSON.parse(box(kind).getItem(name)); } catch (broken) { return null; } }
  function drop(kind, name) { try { box(kind).removeItem(name); } catch (refused) { /* nothing is kept */ } }

  function drafted() { return document.querySelector("form[data-draft]"); }
  function place(form) { return "larder:" + form.dataset.draft; }
  function tell(words) { var line = document.getElementById("status"); if (line) { line.textContent = words; } }

  function values(form, keep) {
    var found = {};
    form.querySelectorAll("[name][data-keep=" + keep + "]").forEach(function (one) {
      if (one.type === "radio" || one.type === "checkbox") { if (one.checked) { found[one.name] = one.value; } }
      else if (one.value) { found[one.name] = one.value; }
    });
    return found;
  }
  function save() {
    var form = drafted();
    if (!form || cleared) { return; }
    put("localStorage", place(form), { at: Date.now(), fields: values(form, "browser") });
    put("sessionStorage", place(form), { at: Date.now(), fields: values(form, "tab") });
  }
  function fill(form, fields) {
    form.querySelectorAll("[name][data-keep]").forEach(function (one) {
      if (!(one.name in fields)) { return; }
      if (one.type === "radio" || one.type === "checkbox") { one.checked = one.value === fields[one.name]; }
      else { one.value = fields[one.name]; }
      var folded = one.closest("details");
      if (folded && one.type !== "hidden" && fields[one.name]) { folded.open = true; }
    });
  }
  function restore() {
    var form = drafted();
    if (!form || !form.hasAttribute("data-fresh")) { return; }
    var kept = take("localStorage", place(form)), tab = take("sessionStorage", place(form));
    if (!kept || Date.now() - kept.at > WEEK) { forget(form.dataset.draft); return; }
    var fields = Object.assign({}, kept.fields, tab ? tab.fields : {});
    if (!Object.keys(fields).some(function (name) { return name !== "key" && name !== "place" && name !== "precision"; })) { return; }
    fill(form, fields);
    tell("What you wrote earlier in this browser is here again. It was not sent yet.");
    var clear = document.getElementById("clear");
    if (clear) { clear.hidden = false; }
  }
  function forget(name) { drop("localStorage", "larder:" + name); drop("sessionStorage", "larder:" + name); }

  function swap(text, taken, keepPlace) {
    var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.querySelector("main");
    if (!fresh) { throw new TypeError("no page of ours"); }
    if (!taken && !fresh.querySelector("form")) {
      tell(Array.from(fresh.querySelectorAll("h1, p:first-of-type"), function (one) { return one.textContent; }).join(". "));
      return;
    }
    var at = window.scrollY, held = document.activeElement && document.activeElement.id;
    document.title = page.title;
    tell("");
    document.querySelector("main").replaceWith(document.adoptNode(fresh));
    var first = fresh.querySelector("[autofocus]"), same = keepPlace && held && document.getElementById(held);
    if (keepPlace && !first) { window.scrollTo(0, at); (same || fresh.querySelector("[data-return]") || fresh).focus({ preventScroll: true }); }
    else { (first || fresh.querySelector("h1")).focus(); window.scrollTo(0, first ? first.getBoundingClientRect().top + window.scrollY - 20 : 0); }
    arrive();
  }

  function send(form, button, body, quiet) {
    if (busy) { return; }
    busy = true;
    var final = !button || button.value === "send" || !button.name;
    var stop = new AbortController(), clock = setTimeout(function () { stop.abort(); }, PATIENCE);
    if (!quiet) { tell(final ? "Sending…" : "One moment…"); }
    fetch(form.getAttribute("action"), { method: "POST", body: body, credentials: "same-origin", signal: stop.signal })
      .then(function (answer) { return answer.text().then(function (text) { stopWaiting(); swap(text, answer.ok, !final); save(); }); })
      .catch(function () {
        save();
        if (!final) { tell("No connection just now. What you wrote is kept in this browser."); return; }
        waiting = { form: form, button: button, body: body };
        tell("No connection. What you wrote is kept in this browser, and is sent as soon as the connection is back. You may leave this page open, or come back to it.");
        clearTimeout(later); later = setTimeout(again, AGAIN);
      })
      .finally(function () { clearTimeout(clock); busy = false; });
  }
  function again() { if (waiting) { send(waiting.form, waiting.button, waiting.body, true); } }
  function stopWaiting() { waiting = null; clearTimeout(later); }

  function arrive() {
    var main = document.querySelector("main");
    if (main.dataset.done) { forget(main.dataset.done); }
    restore();
    document.querySelectorAll("[data-copy]").forEach(function (one) { one.hidden = !navigator.clipboard; });
    enter();
  }
  function enter() {
    var door = document.querySelector("form[data-code]"), code = window.location.hash.slice(1);
    if (door && code.length > 20) {
      window.history.replaceState(null, "", window.location.pathname);
      door.elements.code.value = code;
      door.requestSubmit();
    }
  }

  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (!form.hasAttribute("data-plain")) { return; }
    event.preventDefault();
    save();
    send(form, button, new URLSearchParams(new FormData(form, button)), false);
  });
  document.addEventListener("input", function (event) {
    if (!event.target.form || event.target.form !== drafted()) { return; }
    if (waiting) { stopWaiting(); tell("You have changed something. Press send again when you are ready."); }
    clearTimeout(save.soon); save.soon = setTimeout(save, 250);
  });
  document.addEventListener("click", function (event) {
    var one = event.target.closest("[data-copy], #clear");
    if (!one) { return; }
    if (one.id === "clear") { cleared = true; forget(drafted().dataset.draft); window.location.reload(); return; }
    navigator.clipboard.writeText(document.getElementById(one.dataset.copy).textContent).then(function () { one.textContent = "Copied"; });
  });
  window.addEventListener("online", again);
  window.addEventListener("hashchange", enter);
  window.addEventListener("pagehide", save);
  arrive();
})();
