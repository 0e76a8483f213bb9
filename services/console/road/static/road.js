// The page on the road: forms are kept first and sent then, and what waits is shown until it is through.
"use strict";

const [listed, words] = [document.getElementById("kept"), document.getElementById("road-words").dataset];
const one = document.getElementById("kept-one");
const line = document.getElementById("road-line");
const able = window.isSecureContext && "serviceWorker" in navigator && "locks" in navigator;

let ahead = 0;

function shown(ms) {
  return new Date(ms + ahead + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
}

function draw(act) {
  const row = one.content.firstElementChild.cloneNode(true);
  const put = (name, text) => {
    row.querySelector(`[data-is=${name}]`).textContent = text || "";
  };
  row.dataset.state = act.state;
  row.dataset.n = act.n;
  put("title", act.title || words.unreadable);
  put("state", words[act.state] || act.state);
  put("at", act.at ? `${words.at} ${act.effective ? act.effective.slice(0, 16).replace("T", " ") : shown(act.at)}` : "");
  const told = act.told || {};
  put("entered", act.state === "recorded" && told.recorded_at ? `${words.entered} ${told.recorded_at}` : "");
  const because = act.state === "unkept" ? (told.why || [])[0] || {} : told;
  put("problem", act.state === "recorded" ? "" : [because.title, because.reason_word].filter(Boolean).join(" "));
  const errors = (because.errors || []).map((e) => `${(e.at || []).filter((p) => p !== "body").join(".")} ${e.message || e.code || ""}`);
  put("remedy", act.state === "recorded" ? "" : [because.remedy, ...errors, words[`do_${act.state}`]].filter(Boolean).join(" "));
  const others = row.querySelector("[data-is=others]");
  for (const said of told.changed || []) {
    const item = document.createElement("li");
    item.textContent = `${said.day} ${said.who} ${said.text}`;
    others.append(item);
  }
  const offers = { again: ["refused", "unkept"], same: ["conflict"], change: ["refused", "conflict"], remove: ["waiting", "refused", "conflict", "unkept", "unreadable", "recorded"] };
  for (const button of row.querySelectorAll("button[data-do]")) {
    button.hidden = !(offers[button.dataset.do] || []).includes(act.state);
    button.addEventListener("click", () => press(button.dataset.do, act, row));
  }
  return row;
}

async function redraw() {
  const acts = await Road.list();
  ahead = await Road.ahead();
  if (listed.querySelector("form")) return; // somebody is changing one
  listed.replaceChildren(...acts.map(draw));
  const waiting = acts.filter((act) => act.state !== "recorded").length;
  document.getElementById("kept-count").textContent = waiting;
  document.getElementById("kept-none").hidden = acts.length > 0;
  document.body.dataset.waiting = waiting;
  for (const form of document.querySelectorAll("form[data-once]")) {
    const kept = acts.some((act) => act.title === form.dataset.keep && form.action.includes(act.query));
    form.closest("details").toggleAttribute("data-kept", kept);
  }
}

async function press(what, act, row) {
  if (what === "remove") {
    if (act.state !== "recorded" && !confirm(words.sure)) return;
    await Road.remove(act.n);
  } else if (what === "change") {
    return edit(act, row);
  } else {
    const form = await Road.formOf(act.n);
    if (what === "same") form.set("_version", act.told.version);
    await Road.change(act.n, { ...act, state: "waiting", told: undefined }, form);
  }
  await redraw();
  await flush();
}

// What was typed can be mended in its place; files and what belongs to the form stay as they are.
async function edit(act, row) {
  const form = await Road.formOf(act.n);
  const made = document.createElement("form");
  for (const [name, value] of form.entries()) {
    if (typeof value !== "string" || name.startsWith("_") || name.endsWith(".asked")) continue;
    if (act.labels && !act.labels[name] && name !== "effective") continue;
    const label = document.createElement("label");
    const field = document.createElement(value.length > 40 ? "textarea" : "input");
    [field.name, field.value] = [name, value];
    label.append((act.labels || {})[name] || (name === "effective" ? words.at : name), field);
    label.className = "field";
    made.append(label);
  }
  const button = document.createElement("button");
  button.className = "main";
  button.textContent = words.resend;
  made.append(button);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const field of made.elements) if (field.name) form.set(field.name, field.value);
    form.set("_key", crypto.randomUUID());
    if (act.told && act.told.version) form.set("_version", act.told.version);
    made.remove();
    await Road.change(act.n, { ...act, again: false, state: "waiting", told: undefined }, form);
    await redraw();
    await flush();
  });
  row.append(made);
  made.elements[0].focus();
}

// The time of a visit stands there already, as it is by the clock of the place.
for (const field of document.querySelectorAll("input[data-now]")) {
  field.addEventListener("focus", () => field.value || (field.value = shown(Date.now()).replace(" ", "T")));
}

let last = "";

async function flush() {
  const ended = await Road.send();
  if (ended !== "busy") last = ended;
  const waiting = (await Road.list()).filter((act) => act.state === "waiting").length;
  line.textContent = words[`line_${last}`] || "";
  document.getElementById("road-sign-in").hidden = last !== "signed_out";
  document.body.dataset.line = last;
  if (waiting) navigator.serviceWorker.ready.then((at) => at.sync && at.sync.register("road")).catch(() => {});
  await redraw();
}

function labelsOf(form) {
  const found = {};
  for (const field of form.elements) {
    const label = field.labels && field.labels[0];
    if (field.name && label) found[field.name] = label.firstChild.textContent.trim();
  }
  return found;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-keep]")) return;
  event.preventDefault();
  delete form.dataset.sent;
  const [, , service, name] = new URL(form.action).pathname.split("/");
  const query = new URL(form.action).search;
  const button = form.querySelector("button.main");
  button.disabled = true;
  try {
    const thing = new URL(form.action).searchParams.get("id") || crypto.randomUUID();
    await Road.keep(new FormData(form), { service, name, query, thing, title: form.dataset.keep, labels: labelsOf(form) });
    form.reset();
    line.textContent = words.keptnow;
  } catch (error) {
    line.textContent = words.notkept;
    console.warn(error);
    button.disabled = false;
    return;
  }
  button.disabled = false;
  await redraw();
  listed.lastElementChild?.scrollIntoView({ block: "nearest" });
  await flush();
});

document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", (event) => {
  if (Number(document.body.dataset.waiting || 0) && !confirm(words.leaving)) {
    event.preventDefault();
    delete event.target.dataset.sent;
  }
});

// Take along: this page, the pages it names, and what they are drawn with.
async function take() {
  const pages = await caches.open(Road.PAGES);
  const drawn = [...document.querySelectorAll("link[rel=stylesheet],link[rel=icon],script[src]")].map((n) => n.href || n.src);
  await pages.addAll(drawn);
  const roads = [...document.querySelectorAll("a[data-take]")].map((a) => new URL(a.href).pathname);
  let taken = 0;
  for (const path of [location.pathname, "/road", ...roads]) {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok || answer.redirected) continue;
    await pages.put(path, answer);
    taken += 1;
  }
  const told = document.getElementById("road-taken");
  if (told) told.textContent = `${told.dataset.says} ${taken}`;
  document.body.dataset.taken = taken;
}

async function begin() {
  if (!able) {
    line.textContent = words.unable;
    return;
  }
  await navigator.serviceWorker.register("/worker.js");
  await navigator.storage?.persist?.();
  await flush();
  if (last !== "no_network" && last !== "signed_out") await take();
}

if (able) {
  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  setInterval(() => Number(document.body.dataset.waiting || 0) && flush(), 20_000);
}
begin().catch((error) => console.warn(error));
