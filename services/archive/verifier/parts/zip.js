// --- a ZIP file, read within limits; nothing in it is believed
const LIMITS = { entries: 200000, entry: 256 * 2 ** 20, total: 2 ** 31, ratio: 200 };
class Invalid extends Error {}
class Undecided extends Error {}
const need = (condition, why) => { if (!condition) throw new Invalid(why); };
const utf8 = (bytes) => {
  try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); }
  catch { throw new Invalid("a text is not UTF-8"); }
};
const bytesOf = (text) => new TextEncoder().encode(text);

class Zip {
  constructor(buffer) {
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.files = new Map();
    const end = this.#end();
    const count = this.view.getUint16(end + 10, true), place = this.view.getUint32(end + 16, true);
    if (count === 0xffff || place === 0xffffffff) this.#list64(end);
    else this.#list(place, count);
  }
  #end() {
    for (let at = this.bytes.length - 22; at >= 0 && at > this.bytes.length - 65558; at--)
      if (this.view.getUint32(at, true) === 0x06054b50) return at;
    throw new Undecided("this cannot be opened as a ZIP file");
  }
  #list64(end) {
    const locator = end - 20;
    need(locator >= 0 && this.view.getUint32(locator, true) === 0x07064b50, "the ZIP is damaged");
    const at = Number(this.view.getBigUint64(locator + 8, true));
    need(this.view.getUint32(at, true) === 0x06064b50, "the ZIP is damaged");
    this.#list(Number(this.view.getBigUint64(at + 48, true)), Number(this.view.getBigUint64(at + 32, true)));
  }
  #list(at, count) {
    need(count <= LIMITS.entries, "the dossier has too many entries");
    let total = 0;
    for (let n = 0; n < count; n++) {
      need(at + 46 <= this.bytes.length && this.view.getUint32(at, true) === 0x02014b50, "the ZIP is damaged");
      const flags = this.view.getUint16(at + 8, true), how = this.view.getUint16(at + 10, true);
      const packed = this.view.getUint32(at + 20, true), size = this.view.getUint32(at + 24, true);
      const named = this.view.getUint16(at + 28, true), extra = this.view.getUint16(at + 30, true);
      const comment = this.view.getUint16(at + 32, true), offset = this.view.getUint32(at + 42, true);
      const name = utf8(this.bytes.subarray(at + 46, at + 46 + named));
      need(!this.files.has(name), "two entries have the same name");
      const parts = name.split("/");
      need(!/[\\:]/.test(name) && !parts.some((p) => ["", ".", ".."].includes(p)),
        "an entry has a name that leads elsewhere");
      need(!(flags & 1), "an entry is encrypted");
      need(how === 0 || how === 8, "an entry is compressed in another way");
      need(size <= LIMITS.entry && offset !== 0xffffffff, "an entry is too large");
      need(size <= 2 ** 20 || size / Math.max(1, packed) <= LIMITS.ratio, "an entry is a compression bomb");
      total += size;
      this.files.set(name, { how, packed, size, offset });
      at += 46 + named + extra + comment;
    }
    need(total <= LIMITS.total, "the dossier is too large");
  }
  async read(name) {
    const file = this.files.get(name);
    need(file, `the dossier lacks ${name}`);
    const at = file.offset;
    need(at + 30 <= this.bytes.length && this.view.getUint32(at, true) === 0x04034b50, `${name} is damaged`);
    const named = this.view.getUint16(at + 26, true), extra = this.view.getUint16(at + 28, true);
    need(utf8(this.bytes.subarray(at + 30, at + 30 + named)) === name, `${name} has two names`);
    const begin = at + 30 + named + extra;
    let content = this.bytes.subarray(begin, begin + file.packed);
    if (file.how) content = inflated(content, file.size, name);
    need(content.length === file.size, `${name} is damaged`);
    return content;
  }
}

// --- DEFLATE (RFC 1951): a dossier has many small entries, for which a stream each is too slow
const BASE = { length: [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258],
  more: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
  far: [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577],
  further: [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13] };
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function codeOf(lengths) {
  const count = new Uint16Array(16), symbol = new Uint16Array(lengths.length), place = new Uint16Array(16);
  for (const length of lengths) count[length]++;
  let left = 1;
  for (let n = 1; n < 16; n++) { left = left * 2 - count[n]; if (left < 0) throw new Error("code"); }
  for (let n = 1; n < 15; n++) place[n + 1] = place[n] + count[n];
  lengths.forEach((length, n) => { if (length) symbol[place[length]++] = n; });
  count[0] = 0;
  return { count, symbol };
}
const FIXED = [codeOf(Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8))), codeOf(Array(30).fill(5))];

function inflateRaw(source, size) {
  const out = new Uint8Array(size);
  let at = 0, from = 0, held = 0, holds = 0;
  const bits = (wanted) => {
    while (holds < wanted) {
      if (from >= source.length) throw new Error("short");
      held |= source[from++] << holds;
      holds += 8;
    }
    const found = held & ((1 << wanted) - 1);
    held >>>= wanted;
    holds -= wanted;
    return found;
  };
  const decode = ({ count, symbol }) => {
    let code = 0, first = 0, index = 0;
    for (let n = 1; n < 16; n++) {
      code |= bits(1);
      const many = count[n];
      if (code - many < first) return symbol[index + code - first];
      index += many;
      first = (first + many) << 1;
      code <<= 1;
    }
    throw new Error("code");
  };
  const stored = () => {
    held = holds = 0;
    if (from + 4 > source.length) throw new Error("short");
    const length = source[from] | (source[from + 1] << 8), check = source[from + 2] | (source[from + 3] << 8);
    from += 4;
    if ((length ^ check) !== 0xffff || from + length > source.length || at + length > size) throw new Error("stored");
    out.set(source.subarray(from, from + length), at);
    from += length;
    at += length;
  };
  const dynamic = () => {
    const literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4;
    if (literals > 286 || distances > 30) throw new Error("counts");
    const first = new Uint8Array(19), lengths = new Uint8Array(literals + distances);
    for (let n = 0; n < codes; n++) first[ORDER[n]] = bits(3);
    const code = codeOf(first);
    for (let n = 0; n < lengths.length;) {
      const symbol = decode(code);
      if (symbol < 16) { lengths[n++] = symbol; continue; }
      if (symbol === 16 && n === 0) throw new Error("repeat");
      const value = symbol === 16 ? lengths[n - 1] : 0, times = symbol === 16 ? 3 + bits(2) : symbol === 17 ? 3 + bits(3) : 11 + bits(7);
      if (n + times > lengths.length) throw new Error("repeat");
      lengths.fill(value, n, n + times);
      n += times;
    }
    return [codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals))];
  };
  const coded = ([literal, distance]) => {
    for (;;) {
      const symbol = decode(literal);
      if (symbol === 256) return;
      if (symbol < 256) {
        if (at >= size) throw new Error("longer");
        out[at++] = symbol;
        continue;
      }
      const which = symbol - 257;
      if (which >= 29) throw new Error("length");
      const length = BASE.length[which] + bits(BASE.more[which]), back = decode(distance);
      if (back >= 30) throw new Error("distance");
      const far = BASE.far[back] + bits(BASE.further[back]);
      if (far > at || at + length > size) throw new Error("distance");
      for (let n = 0; n < length; n++, at++) out[at] = out[at - far];
    }
  };
  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) stored();
    else if (kind === 1) coded(FIXED);
    else if (kind === 2) coded(dynamic());
    else throw new Error("kind");
  }
  if (at !== size) throw new Error("shorter");
  return out;
}

function inflated(content, size, name) {
  try { return inflateRaw(content, size); } catch { throw new Invalid(`${name} is damaged`); }
}
