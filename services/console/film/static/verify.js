// Is this entry what it claims to be? Checked here, in the reader's own browser, step by step:
// bytes -> leaf hash -> archive's own entry -> inclusion path -> checkpoint -> signatures.
// Formats: RFC 6962 hashes, C2SP tlog-proof, signed-note, tlog-cosignature, tlog-policy.

const utf8 = new TextEncoder();
const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((byte, n) => byte === b[n]);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function base64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error("base64");
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

export const leafHash = (body) => sha256(joined(new Uint8Array([0]), utf8.encode(body)));
const nodeHash = (left, right) => sha256(joined(new Uint8Array([1]), left, right));

// The root that a path leads to from a leaf (RFC 9162 section 2.1.3.2).
export async function rootByInclusion(leaf, index, size, path) {
  if (!(index >= 0 && index < size)) throw new Error("index");
  let [position, last, found] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const sibling of path) {
    if (last === 0n) throw new Error("long");
    if (position & 1n || position === last) {
      found = await nodeHash(sibling, found);
      while (!(position & 1n) && position) { position >>= 1n; last >>= 1n; }
    } else found = await nodeHash(found, sibling);
    position >>= 1n; last >>= 1n;
  }
  if (last !== 0n) throw new Error("short");
  return found;
}

export function readProof(text) {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, cut).split("\n");
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines[1] || "");
  if (cut < 0 || lines[0] !== "c2sp.org/tlog-proof@v1" || !index) throw new Error("proof");
  const path = lines.slice(2).map(base64);
  if (path.length > 63 || path.some((one) => one.length !== 32)) throw new Error("path");
  return { index: Number(index[1]), path, ...readNote(text.slice(cut + 2)) };
}

export function readNote(text) {
  const cut = text.lastIndexOf("\n\n");
  const rows = text.slice(0, cut).split("\n");
  if (cut < 0 || rows.length !== 3 || !/^(0|[1-9][0-9]{0,15})$/.test(rows[1])) throw new Error("note");
  const lines = text.slice(cut + 2).replace(/\n$/, "").split("\n").map((line) => {
    const found = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    if (!found) throw new Error("signature");
    const raw = base64(found[2]);
    return { name: found[1], id: hex(raw.slice(0, 4)), signature: raw.slice(4) };
  });
  return { origin: rows[0], size: Number(rows[1]), root: base64(rows[2]), signed: text.slice(0, cut) + "\n", lines };
}

export async function readKey(text) {
  const [, name, id, key] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) || [];
  const raw = key ? base64(key) : new Uint8Array();
  const known = name && (await sha256(joined(utf8.encode(`${name}\n`), raw))).slice(0, 4);
  if (raw.length !== 33 || hex(known) !== id || ![1, 4].includes(raw[0])) throw new Error("key");
  return { name, id, kind: raw[0], key: raw.slice(1) };
}

export async function readPolicy(text) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    if (!words[0] || words[0].startsWith("#")) continue;
    const known = (name) => policy.witnesses.has(name) || policy.groups.has(name);
    if (words[0] === "log" && words.length >= 2) policy.logs.push(await readKey(words[1]));
    else if (words[0] === "witness" && words.length >= 3) policy.witnesses.set(words[1], await readKey(words[2]));
    else if (words[0] === "group" && words.length >= 4 && words.slice(3).every(known)) {
      const members = words.slice(3);
      const needed = { all: members.length, any: 1 }[words[2]] ?? Number(words[2]);
      if (!(needed >= 1 && needed <= members.length)) throw new Error("policy");
      policy.groups.set(words[1], { needed, members });
    } else if (words[0] === "quorum" && words.length === 2 && policy.quorum === null) {
      if (words[1] !== "none" && !known(words[1])) throw new Error("policy");
      policy.quorum = words[1];
    } else throw new Error("policy");
  }
  if (policy.quorum === null) throw new Error("policy");
  return policy;
}

function met(policy, seen, name = policy.quorum) {
  if (name === "none") return true;
  if (policy.witnesses.has(name)) return seen.has(name);
  const group = policy.groups.get(name);
  return group.members.filter((one) => met(policy, seen, one)).length >= group.needed;
}

export async function signed(key, signature, message) {
  try {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
  } catch (error) {
    if (error.name !== "NotSupportedError") throw error;
    return ed25519(key, signature, message);
  }
}

// What is checked, each with true, false, or null for what cannot be decided here.
export async function verify(evidence, policyText = "") {
  const steps = [];
  const step = (name, ok, detail = "") => { steps.push({ name, ok, detail }); return ok; };
  const leaf = evidence.copy || evidence.own;
  const found = await leafHash(leaf.body);
  step("leaf", hex(found) === leaf.leafhash, hex(found));
  if (evidence.copy) {
    const own = JSON.parse(evidence.own.body).fact;
    const ownHash = hex(await leafHash(evidence.own.body));
    const names = own.store === leaf.store && own.position === leaf.position;
    step("filed", ownHash === evidence.own.leafhash && names && own.leafhash === hex(found),
      `archive ${evidence.own.position}`);
  }
  if (!evidence.proof) { step("inclusion", null, "unsigned"); return steps; }
  let proof;
  try {
    proof = readProof(evidence.proof);
    const root = await rootByInclusion(found, proof.index, proof.size, proof.path);
    step("inclusion", proof.index === leaf.position - 1 && same(root, proof.root),
      `${proof.index} / ${proof.size}, ${proof.path.length} × SHA-256`);
  } catch (error) {
    step("inclusion", false, error.message);
    return steps;
  }
  const belongs = proof.origin.endsWith(`/${leaf.store}`);
  step("checkpoint", belongs, `${proof.origin} ${proof.size} ${hex(proof.root).slice(0, 16)}…`);
  await signatures(step, proof, evidence, policyText.trim());
  return steps;
}

async function signatures(step, proof, evidence, policyText) {
  let policy = null;
  try { policy = policyText ? await readPolicy(policyText) : null; } catch { step("policy", false, ""); return; }
  const logs = policy ? policy.logs : evidence.vkey ? [await readKey(evidence.vkey).catch(() => null)] : [];
  let logged = null;
  for (const line of proof.lines) {
    const key = logs.find((one) => one && one.kind === 1 && one.name === line.name && one.id === line.id);
    if (key && key.name === proof.origin) {
      const good = await signed(key.key, line.signature, utf8.encode(proof.signed));
      logged = logged === false ? false : good;
    }
  }
  step("log", logged === null && policy ? false : logged, `${proof.origin}${policy ? "" : " · own"}`);
  const seen = new Set();
  let others = 0;
  for (const line of proof.lines) {
    if (line.name === proof.origin) continue;
    const known = policy && [...policy.witnesses].find(([, one]) => one.name === line.name && one.id === line.id);
    if (!known) { others += 1; continue; }
    const time = new DataView(line.signature.buffer, line.signature.byteOffset).getBigUint64(0);
    const message = utf8.encode(`cosignature/v1\ntime ${time}\n${proof.signed}`);
    const good = await signed(known[1].key, line.signature.slice(8), message);
    if (good) seen.add(known[0]);
    step("witness", good, `${line.name} ${new Date(Number(time) * 1000).toISOString()}`);
  }
  if (policy) step("quorum", met(policy, seen), `${seen.size} / ${policy.quorum}`);
  else step("witness", null, String(others));
}

// --- Ed25519 (RFC 8032), verification only: for a browser that does not know the algorithm yet.
const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => ((a % m) + m) % m;
function power(base, exponent) {
  let [result, b, e] = [1n, mod(base), exponent];
  for (; e > 0n; e >>= 1n) { if (e & 1n) result = mod(result * b); b = mod(b * b); }
  return result;
}
const D = mod(-121665n * power(121666n, P - 2n)), ROOT = power(2n, (P - 1n) / 4n);
const little = (bytes) => [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function point(bytes) {
  const whole = little(bytes), sign = whole >> 255n, y = whole & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const x2 = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  if (x2 === 0n) return sign ? null : [0n, y, 1n, 0n];
  let x = power(x2, (P + 3n) / 8n);
  if (mod(x * x - x2)) x = mod(x * ROOT);
  if (mod(x * x - x2)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function add(p, q) {
  const a = mod((p[1] - p[0]) * (q[1] - q[0])), b = mod((p[1] + p[0]) * (q[1] + q[0]));
  const c = mod(2n * p[3] * q[3] * D), d = mod(2n * p[2] * q[2]);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(scalar, p) {
  let [found, q] = [[0n, 1n, 1n, 0n], p];
  for (let s = scalar; s > 0n; s >>= 1n) { if (s & 1n) found = add(found, q); q = add(q, q); }
  return found;
}

export async function ed25519(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const a = point(key), r = point(signature.slice(0, 32)), s = little(signature.slice(32));
  if (!a || !r || s >= L) return false;
  const whole = joined(signature.slice(0, 32), key, message);
  const h = mod(little(new Uint8Array(await crypto.subtle.digest("SHA-512", whole))), L);
  const y = mod(4n * power(5n, P - 2n));
  const base = point(Uint8Array.from({ length: 32 }, (_, n) => Number((y >> BigInt(8 * n)) & 255n)));
  const left = times(s, base), right = add(r, times(h, a));
  return mod(left[0] * right[2] - right[0] * left[2]) === 0n && mod(left[1] * right[2] - right[1] * left[2]) === 0n;
}
