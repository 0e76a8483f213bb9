// --- hashes, trees, notes, policy: the same steps as verify.py, with WebCrypto
const MATTER_FORMAT = "onefile.dossier/v2";
const sha256 = async (...parts) => {
  if (parts.length === 1) return new Uint8Array(await crypto.subtle.digest("SHA-256", parts[0]));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
};
const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1);
const leafHash = (body) => sha256(LEAF, body);
const nodeHash = (left, right) => sha256(NODE, left, right);
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const same = (a, b) => a.length === b.length && a.every((one, n) => one === b[n]);
const unb64 = (text) => {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw new Invalid("something that should be base64 is not");
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
};
const b64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const unb64url = (text) => unb64(text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4));

// A node that once led to the root need not be climbed from again: `known` keeps what did.
async function rootByInclusion(leaf, index, size, path, known) {
  need(Number.isSafeInteger(index) && index >= 0 && index < size, "a leaf index lies outside its tree");
  let position = index, last = size - 1, found = leaf, level = 0;
  const climbed = [];
  for (const sibling of path) {
    need(last > 0, "an inclusion proof is too long");
    const place = `${level}/${position}`;
    if (known?.has(place) && same(known.get(place), found)) return known.get("root");
    climbed.push([place, found]);
    if (position % 2 || position === last) {
      found = await nodeHash(sibling, found);
      while (position % 2 === 0 && position) { position /= 2; last = Math.floor(last / 2); level++; }
    } else found = await nodeHash(found, sibling);
    position = Math.floor(position / 2); last = Math.floor(last / 2); level++;
  }
  need(last === 0, "an inclusion proof is too short");
  if (known && same(known.get("root"), found)) for (const [place, hash] of climbed) known.set(place, hash);
  return found;
}

const keyId = async (name, key) => (await sha256(bytesOf(`${name}\n`), key)).subarray(0, 4);

// true, false, or null where this browser cannot check Ed25519
async function signatureOk(key, signature, message) {
  let imported;
  try { imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]); }
  catch (error) {
    if (error.name === "NotSupportedError" || error.name === "TypeError" || error.name === "SyntaxError") return null;
    return false;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

class Policy {
  static async of(text) {
    const policy = new Policy();
    policy.logs = []; policy.witnesses = new Map(); policy.groups = new Map(); policy.quorum = null;
    for (const line of text.split("\n")) {
      const words = line.trim().split(/\s+/);
      if (!words[0] || words[0].startsWith("#")) continue;
      try { await policy.#read(...words); }
      catch { throw new Undecided(`the policy cannot be followed: ${line.slice(0, 80)}`); }
    }
    if (policy.quorum === null) throw new Undecided("the policy has no quorum line");
    policy.fingerprint = hex(await sha256(bytesOf(text)));
    return policy;
  }
  async #read(word, ...rest) {
    const known = (name) => this.witnesses.has(name) || this.groups.has(name);
    if (word === "log" && rest.length >= 1 && rest.length <= 2) this.logs.push(await readVkey(rest[0]));
    else if (word === "witness" && rest.length >= 2 && rest.length <= 3) this.witnesses.set(rest[0], await readVkey(rest[1]));
    else if (word === "group" && rest.length >= 3 && rest.slice(2).every(known)) {
      const [name, needed, ...members] = rest;
      const count = needed === "all" ? members.length : needed === "any" ? 1 : Number(needed);
      if (!Number.isInteger(count) || count < 1 || count > members.length) throw new Error(needed);
      this.groups.set(name, [count, members]);
    } else if (word === "quorum" && this.quorum === null && rest.length === 1 && (rest[0] === "none" || known(rest[0])))
      this.quorum = rest[0];
    else throw new Error(word);
  }
  met(seen) {
    const witnessed = (name) => this.witnesses.has(name)
      ? seen.has(name)
      : this.groups.get(name)[1].filter(witnessed).length >= this.groups.get(name)[0];
    return this.quorum === "none" || witnessed(this.quorum);
  }
}

async function readVkey(text) {
  const [name, id, ...rest] = text.split("+");
  const key = unb64(rest.join("+"));
  const known = [1, 4].includes(key[0]); // a key of another kind fits no signature here
  if ((known && key.length !== 33) || hex(await keyId(name, key)) !== id) throw new Error(name);
  return { name, key, id: known ? id : "" };
}

async function readCheckpoint(note, policy) {
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut), lines = note.slice(cut + 2), rows = text.split("\n");
  need(cut > 0 && lines.endsWith("\n") && rows.length === 3, "a checkpoint is malformed");
  need(/^(0|[1-9][0-9]{0,14})$/.test(rows[1]), "a checkpoint's size is malformed");
  const message = bytesOf(`${text}\n`), seen = new Map(), unchecked = new Set();
  const keys = [...policy.logs.map((key) => ["", key]), ...policy.witnesses];
  let logged = false;
  for (const line of lines.slice(0, -1).split("\n")) {
    const found = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    need(found, "a signature line is malformed");
    const name = found[1], raw = unb64(found[2]);
    if (!keys.some(([, key]) => key.name === name && key.id === hex(raw.subarray(0, 4)))) {
      unchecked.add(raw.length === 2432 ? `${name} (ML-DSA-44)` : name); // no key of it is known here
    }
    for (const [who, key] of keys) {
      if (key.name !== name || key.id !== hex(raw.subarray(0, 4))) continue;
      let signed = message, at = 0;
      if (who) {
        const time = new DataView(raw.buffer, raw.byteOffset + 4, 8).getBigUint64(0);
        signed = new Uint8Array([...bytesOf(`cosignature/v1\ntime ${time}\n`), ...message]);
        at = Number(time);
      }
      const good = await signatureOk(key.key.subarray(1), raw.subarray(who ? 12 : 4), signed);
      if (good === null) throw new Undecided("this browser cannot check Ed25519 signatures: take verify.py, or a newer browser");
      need(good, `the signature of ${name} is wrong`);
      if (who) seen.set(who, at); else logged = logged || name === rows[0];
    }
  }
  if (!logged) throw new Undecided(`no log that the policy trusts signed as ${rows[0]}`);
  if (!policy.met(seen)) throw new Undecided(`${seen.size} witnesses cosigned ${rows[0]}: the policy asks for more`);
  return { origin: rows[0], size: Number(rows[1]), root: unb64(rows[2]), seen, unchecked };
}

function readProof(text) {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, cut).split("\n");
  need(cut > 0 && lines[0] === "c2sp.org/tlog-proof@v1" && /^index (0|[1-9][0-9]{0,14})$/.test(lines[1] ?? ""), "a proof is malformed");
  const path = lines.slice(2).map(unb64);
  need(path.length <= 63 && path.every((one) => one.length === 32), "a proof is malformed");
  return { index: Number(lines[1].slice(6)), path, note: text.slice(cut + 2) };
}

// RFC 8785 for what an event holds: whole numbers, texts, lists, objects. What was said twice or
// otherwise does not come out as it went in.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object")
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  if (typeof value === "number") need(Number.isSafeInteger(value), "a body holds a number that is no whole number");
  return JSON.stringify(value);
}
function readBody(bytes) {
  const text = utf8(bytes);
  let value;
  try { value = JSON.parse(text); } catch { throw new Invalid("a body is not JSON"); }
  need(canonical(value) === text, "a body is not in its canonical form");
  need(text.normalize("NFC") === text, "a body is not in Unicode form NFC");
  need(value && Object.keys(value).sort().join() === "about,fact", "a body is no event");
  return value;
}

// --- a dossier: everything is checked before any of it is shown as proved
const BATCH = 48;
async function each(list, work) {
  const found = [];
  for (let n = 0; n < list.length; n += BATCH) found.push(...await Promise.all(list.slice(n, n + BATCH).map(work)));
  return found;
}

class Dossier {
  static async open(file) {
    const dossier = new Dossier();
    dossier.zip = new Zip(await file.arrayBuffer());
    dossier.listed = new Map();
    dossier.unread = new Set(dossier.zip.files.keys());
    const names = [...dossier.zip.files.keys()], data = names.filter((name) => name.startsWith("data/"));
    need((await dossier.text("bagit.txt")).startsWith("BagIt-Version: 1.0\n"), "this is no BagIt 1.0 bag");
    const tags = names.filter((name) => !name.startsWith("data/") && name !== "tagmanifest-sha256.txt");
    for (const [manifest, mine] of [["tagmanifest-sha256.txt", tags], ["manifest-sha256.txt", data]]) {
      const rows = (await dossier.text(manifest)).split("\n").filter(Boolean);
      const listed = new Map(rows.map((row) => [row.slice(66), row.slice(0, 64)]));
      need(listed.size === rows.length && listed.size === mine.length && mine.every((name) => listed.has(name)),
        `${manifest} does not list exactly what is in the dossier`);
      for (const [name, digest] of listed) dossier.listed.set(name, digest);
    }
    await dossier.read("bagit.txt");
    return dossier;
  }
  async read(name) {
    const content = await this.zip.read(name);
    this.unread.delete(name);
    const listed = this.listed.get(name);
    if (listed !== undefined) need(hex(await sha256(content)) === listed, `${name} is not what its manifest says`);
    return content;
  }
  async text(name) { return utf8(await this.read(name)); }
  async json(name) {
    try { return JSON.parse(await this.text(name)); }
    catch (error) { if (error instanceof Invalid) throw error; throw new Invalid(`${name} is not JSON`); }
  }
  has(name) { return this.zip.files.has(name); }
  under(prefix) { return [...this.zip.files.keys()].filter((name) => name.startsWith(prefix)).sort(); }
}

const SEAL = "archive.heads_sealed.v1", ENTRY = "archive.entry_filed.v1", OPENED = "archive.file_opened.v1";
const ERASED = "archive.disclosures_erased.v1", CORRECTED = "archive.disclosure_corrected.v1";

async function storeOf(dossier, name, policy, manifest, progress) {
  const store = { name, shared: new Set(manifest.shared?.[name] ?? []), events: new Map(), streams: new Map() };
  need(!store.shared.has(manifest.matter), "the matter's own stream cannot be a shared one");
  const files = dossier.under(`data/${name}/events/`);
  need(files.length, `the dossier has no events of ${name}`);
  const proofOf = (file) => `data/${name}/proofs/${file.split("/").pop().slice(0, -5)}.tlog-proof`;
  const note = readProof(await dossier.text(proofOf(files[0]))).note;
  Object.assign(store, await readCheckpoint(note, policy), { note });
  if (dossier.under(`data/${name}/sm3/`).length) store.unchecked.add("第二棵树 second tree (SM3)");
  need(store.origin.split("/").pop() === name, `the log of ${name} is another one`);
  const known = new Map([["root", store.root]]);
  await each(files, async (file) => {
    const body = await dossier.read(file), event = readBody(body);
    const { index, path, note: own } = readProof(await dossier.text(proofOf(file)));
    need(own === note, `the proofs of ${name} lean on different checkpoints`);
    const leaf = await leafHash(body);
    need(same(await rootByInclusion(leaf, index, store.size, path, known), store.root), `${file} is not in the log`);
    need(file.endsWith(`/${String(index).padStart(12, "0")}.json`), `${file} is named after another place`);
    need(event.about.store === name, `${file} is of another store`);
    store.events.set(index, { ...event, store: name, index, leaf: hex(leaf), path, text: null, file });
    progress(1);
  });
  let last = "";
  for (const index of [...store.events.keys()].sort((a, b) => a - b)) {
    const event = store.events.get(index), about = event.about;
    need(String(about.recorded) > last, `${name}: times do not rise`);
    last = String(about.recorded);
    if (about.type === SEAL && name === "archive") continue;
    if (store.shared.has(about.stream)) {
      need(about.matter === manifest.matter, `${name}: of another matter`);
      continue;
    }
    const stream = store.streams.get(about.stream) ?? [];
    need(about.version === stream.length + 1, `${name}: a version is missing`);
    need(about.prev === (stream.length ? stream.at(-1).leaf : null), `${name}: the chain of a stream is broken`);
    stream.push(event);
    store.streams.set(about.stream, stream);
  }
  return store;
}

async function checkSeals(dossier, stores) {
  const archive = stores.get("archive");
  for (const [name, store] of stores) {
    store.complete = null;
    const file = `data/${name}/seal.json`;
    if (!dossier.has(file)) continue;
    const seal = await dossier.json(file), event = archive.events.get(seal.index);
    need(event?.about.type === SEAL, `the seal of ${name} is not in archive's log`);
    const fact = event.fact;
    need(fact.store === name, `the seal of ${name} is of another store`);
    need(fact.log_size <= store.size, `the seal of ${name} is newer than its checkpoint`);
    for (const [stream, events] of store.streams) {
      const covered = events.filter((one) => one.index < fact.log_size);
      if (!covered.length) continue;
      const head = seal.heads?.[stream];
      need(head, `${name}: a stream is not in the seal`);
      const count = new Uint8Array(8);
      new DataView(count.buffer).setBigUint64(0, BigInt(covered.length));
      const key = await sha256(bytesOf(stream));
      const leaf = await leafHash(new Uint8Array([...key, ...count, ...unhex(covered.at(-1).leaf)]));
      const root = await rootByInclusion(leaf, head.index, fact.count, head.path.map(unb64), null);
      need(hex(root) === fact.root, `${name}: an event before the seal is left out`);
    }
    store.complete = fact.log_size;
  }
}

function checkFile(stores, manifest) {
  const archive = stores.get("archive");
  const own = archive?.streams.get(manifest.matter) ?? [];
  need(own.length, "archive's own file of the matter is not here");
  const entries = [];
  for (const event of own) {
    let told = event;
    if (event.about.type === ENTRY) {
      const { store, position, leafhash } = event.fact;
      told = stores.get(store)?.events.get(position - 1);
      need(told && told.leaf === leafhash, `${store}: a fact that archive put on file is left out`);
    }
    entries.push({ position: event.index + 1, own: event, told });
  }
  need(own.some((one) => one.about.type === OPENED && one.fact.number === manifest.number), "the file is that of another matter");
  return entries;
}

async function checkDisclosures(dossier, stores) {
  const committed = new Map(), erased = new Set(), shown = new Map(), files = new Set();
  let corrected = 0;
  for (const store of stores.values())
    for (const [, event] of [...store.events].sort((a, b) => a[0] - b[0])) {
      for (const digest of event.fact._sd ?? []) {
        need(!committed.has(digest), "two events commit to the same disclosure");
        committed.set(digest, event);
      }
      if (store.name === "archive" && event.about.type === ERASED) event.fact.digests.forEach((one) => erased.add(one));
      corrected += store.name === "archive" && event.about.type === CORRECTED;
    }
  const places = new Map([...committed.keys()].map((digest, place) => [digest, place]));
  let last = -1;
  for (const line of (await dossier.text("data/disclosures.txt")).split("\n").filter(Boolean)) {
    const digest = b64url(await sha256(bytesOf(line)));
    need(committed.has(digest), "a disclosure is shown that no event commits to");
    need(places.get(digest) > last, "a disclosure is shown twice or out of order");
    last = places.get(digest);
    need(!erased.has(digest), "a disclosure is shown that was erased");
    let told;
    try { told = JSON.parse(utf8(unb64url(line))); } catch { throw new Invalid("a disclosure is malformed"); }
    need(Array.isArray(told) && told.length === 3 && typeof told[0] === "string" && told[0].length >= 22, "a disclosure has no salt");
    shown.set(digest, [told[1], told[2]]);
    for (const found of JSON.stringify(told[2]).matchAll(/"sha256":"([0-9a-f]{64})"/g)) files.add(found[1]);
  }
  const attachments = dossier.under("data/attachments/");
  await each(attachments, async (name) => {
    const digest = hex(await sha256(await dossier.read(name)));
    need(name.endsWith(`/${digest}`), `${name} is not the file it is named after`);
    need(files.has(digest), `${name} is named by no disclosure`);
  });
  const gone = [...committed.keys()].filter((digest) => erased.has(digest)).length;
  return { shown, erased, disclosed: shown.size, withheld: committed.size - shown.size - gone, gone, corrected, attachments };
}

async function checkRules(dossier, stores) {
  const rules = { packs: [], catalogues: [], calendars: [] }, there = new Set(), named = new Map();
  for (const name of dossier.under("data/rules/")) {
    const edition = name.split("/").pop().slice(0, -5), content = await dossier.read(name);
    need(edition.endsWith(`@${hex(await sha256(content)).slice(0, 16)}`), `${name} is another edition`);
    there.add(edition);
    const kind = name.split("/")[2];
    if (rules[kind]) { try { rules[kind].push(JSON.parse(utf8(content))); } catch { throw new Invalid(`${name} is not JSON`); } }
  }
  for (const store of stores.values())
    for (const event of store.events.values()) if (event.about.pack) named.set(event.about.pack, there.has(event.about.pack));
  return { ...rules, named };
}

async function verified(file, policyText, progress) {
  const dossier = await Dossier.open(file);
  const manifest = await dossier.json("data/manifest.json");
  if (manifest.format !== MATTER_FORMAT) throw new Undecided(`the dossier is of the format ${manifest.format}`);
  const policy = await Policy.of(policyText);
  const stores = new Map();
  need(Array.isArray(manifest.stores), "the manifest is malformed");
  for (const name of manifest.stores) stores.set(name, await storeOf(dossier, name, policy, manifest, progress));
  const present = new Set([...dossier.zip.files.keys()].filter((name) => name.includes("/events/")).map((name) => name.split("/")[1]));
  need(present.size === stores.size && [...present].every((name) => stores.has(name)), "the manifest does not name exactly the stores that are there");
  need(stores.has("archive"), "archive's own file of the matter is not here");
  await checkSeals(dossier, stores);
  const entries = checkFile(stores, manifest);
  const personal = await checkDisclosures(dossier, stores);
  const rules = await checkRules(dossier, stores);
  await each([...dossier.unread], (name) => dossier.read(name));
  return { dossier, manifest, policy, stores, entries, personal, rules };
}
