// What waits on this phone: sealed, in order, for one person alone. Page and worker share it.
"use strict";

const Road = (() => {
  const DAY = 86_400_000;
  const PAGES = "road-pages";

  function opened() {
    return new Promise((yes, no) => {
      const asked = indexedDB.open("onefile-road", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("kept", { keyPath: "n", autoIncrement: true });
        asked.result.createObjectStore("keys", { keyPath: "id" });
      };
      asked.onsuccess = () => yes(asked.result);
      asked.onerror = () => no(asked.error);
    });
  }

  // One transaction, on the disk when it is done: a phone that dies a moment later has it.
  async function within(store, mode, work) {
    const database = await opened();
    try {
      return await new Promise((yes, no) => {
        const whole = database.transaction(store, mode, { durability: "strict" });
        const asked = work(whole.objectStore(store));
        whole.oncomplete = () => yes(asked.result);
        whole.onabort = whole.onerror = () => no(whole.error);
      });
    } finally {
      database.close();
    }
  }

  // -- whose phone it is just now ---------------------------------------------------------------

  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

  // The key lies here until somebody signs out or in; it can be used, and never read.
  async function unlock(said) {
    const raw = Uint8Array.from(atob(said.key), (c) => c.charCodeAt(0));
    const id = hex(await crypto.subtle.digest("SHA-256", raw)).slice(0, 16);
    const known = await within("keys", "readonly", (keys) => keys.getAll());
    if (known.some((one) => one.person !== said.person)) await lock();
    // By how much this phone's clock is behind: times stand there as they are at the place.
    const ahead = said.now - Date.now();
    const mine = known.find((one) => one.person === said.person && one.id === id);
    const key = mine ? mine.key : await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    await within("keys", "readwrite", (keys) => keys.put({ id, person: said.person, key, ahead, since: Date.now() }));
  }

  async function ahead() {
    const [mine] = await keys();
    return mine ? mine.ahead : 0;
  }

  async function lock() {
    await within("keys", "readwrite", (keys) => keys.clear());
    await caches.delete(PAGES);
  }

  async function keys() {
    const known = await within("keys", "readonly", (all) => all.getAll());
    return known.sort((a, b) => b.since - a.since);
  }

  async function hello() {
    const answer = await fetch("/road/hello", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (answer.status !== 200 && answer.status !== 401) throw new Error("no answer");
    return answer.json();
  }

  // -- what is kept -----------------------------------------------------------------------------

  async function sealed(key, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  }

  const unsealed = (key, box) => crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);

  async function row(mine, about, form) {
    const made = { person: mine.person, key: mine.id, about: await sealed(mine.key, new TextEncoder().encode(JSON.stringify(about))) };
    if (form) {
      const whole = new Response(form);
      made.type = whole.headers.get("Content-Type");
      made.form = await sealed(mine.key, await whole.arrayBuffer());
    }
    return made;
  }

  // Keep an act: its form with every byte of its files, when it was done, and a name for good.
  async function keep(form, about) {
    const [mine] = await keys();
    if (!mine) throw new Error("nobody is signed in here");
    if (!about.again) form.set("_key", crypto.randomUUID());
    form.delete("_csrf");
    const told = { at: Date.now(), state: "waiting", ...about };
    const made = await row(mine, told, form);
    return within("kept", "readwrite", (kept) => kept.add(made));
  }

  // The acts of whoever is signed in here, in their order; nobody else's can be opened.
  async function list() {
    const known = await keys();
    const found = [];
    for (const one of await within("kept", "readonly", (kept) => kept.getAll())) {
      const mine = known.find((key) => key.id === one.key);
      if (mine) found.push({ ...JSON.parse(new TextDecoder().decode(await unsealed(mine.key, one.about))), n: one.n });
      else if (known.length && one.person === known[0].person) found.push({ n: one.n, state: "unreadable", title: "", at: 0 });
    }
    return found;
  }

  async function formOf(n) {
    const one = await within("kept", "readonly", (kept) => kept.get(n));
    const mine = one && (await keys()).find((key) => key.id === one.key);
    if (!mine || !one.form) return null;
    const bytes = await unsealed(mine.key, one.form);
    return new Response(bytes, { headers: { "Content-Type": one.type } }).formData();
  }

  // Another state, or another form; without a form the bytes go when the act is through.
  async function change(n, about, form) {
    const before = await within("kept", "readonly", (kept) => kept.get(n));
    const mine = before && (await keys()).find((key) => key.id === before.key);
    if (!mine) return;
    const { n: _, ...rest } = about;
    const made = await row(mine, rest, form);
    const old = form || rest.state === "recorded" ? {} : { type: before.type, form: before.form };
    await within("kept", "readwrite", (kept) => kept.put({ ...old, ...made, n }));
  }

  const remove = (n) => within("kept", "readwrite", (kept) => kept.delete(n));

  // -- sending ----------------------------------------------------------------------------------

  const stamp = (ms) => new Date(ms + 8 * 3_600_000).toISOString().replace("Z", "+08:00");

  // In order, one sender at a time. Whatever is refused holds back what follows on the same thing.
  function send() {
    return navigator.locks.request("onefile-road", { ifAvailable: true }, async (alone) => {
      if (!alone) return "busy";
      let said;
      try {
        said = await hello();
      } catch {
        return "no_network";
      }
      if (!said.person) return "signed_out";
      await unlock(said);
      const held = new Set();
      const moved = new Map();
      for (const one of await list()) {
        if (one.state === "recorded" || one.state === "unreadable") {
          if (one.state === "recorded" && Date.now() - one.at > DAY) await remove(one.n);
          continue;
        }
        if (held.has(one.thing)) continue;
        if (one.state === "refused" || one.state === "conflict") {
          held.add(one.thing);
          continue;
        }
        const ended = await sendOne(one, said, moved);
        if (ended === "refused" || ended === "conflict") held.add(one.thing);
        else if (ended !== "recorded" && ended !== "unkept") return ended;
      }
      return "done";
    });
  }

  async function sendOne(one, said, moved) {
    const form = await formOf(one.n);
    // The true time is settled once, by the clock over there: the same act said again is the same.
    if (!form.get("effective")) form.set("effective", stamp(said.now - Math.max(0, Date.now() - one.at)));
    if (form.has("offline.asked") && Date.now() - one.at > 30_000 && !one.tried) form.set("offline", "yes");
    const seen = `${one.service} ${one.thing} ${form.get("_version")}`;
    const after = moved.get(seen);
    await change(one.n, { ...one, tried: (one.tried || 0) + 1 }, form);
    if (after !== undefined) form.set("_version", after);
    form.set("_csrf", said.csrf);
    let answer, told;
    try {
      answer = await fetch(`/road/send/${one.service}/${one.name}${one.query}`, {
        method: "POST", body: form, headers: { "X-Person": said.person }, signal: AbortSignal.timeout(120_000),
      });
      told = await answer.json();
    } catch {
      return "no_network";
    }
    const now = { ...one, tried: (one.tried || 0) + 1 };
    if (answer.status === 401) return "signed_out";
    // Sent before the network went, and the answer was lost: it is recorded, at the time it was done.
    if (one.again && told.code === "key_reused") told = { kept: true, recorded_at: "" };
    else if (answer.status === 409 && told.code === "in_progress") return "later";
    else if (answer.status >= 500 || answer.status === 429) {
      await change(one.n, { ...now, told });
      return "later";
    } else if (!answer.ok) {
      const state = answer.status === 412 ? "conflict" : "refused";
      await change(one.n, { ...now, state, told });
      return state;
    }
    if (told.version !== null && told.version !== undefined) moved.set(seen, String(told.version));
    const state = told.kept ? "recorded" : "unkept";
    await change(one.n, { ...now, state, told, effective: form.get("effective") });
    return state;
  }

  return { PAGES, ahead, unlock, lock, hello, keep, list, formOf, change, remove, send };
})();
