// A signature on the glass: what the form says and the signature become one sheet, sent as its file.

const [WIDE, MARGIN, LINE, TALLEST] = [1000, 50, 34, 15000]; // of the sheet, in pixels
const CHOSEN = ":scope > .choices input:checked, :scope > details > .choices input:checked";
const ENOUGH = 60; // pixels of ink: a dot is no signature
const box = document.getElementById("sign");
const form = box.closest("form");
const file = document.getElementById(box.dataset.for);
const [pad, typed, said] = ["sign-pad", "sign-name", "sign-said"].map((id) => document.getElementById(id));
const way = document.getElementById("f-signing");
const needed = file.required;
const strokes = [];
let signedOf = "";

function font(size) {
  return `${size}px ${getComputedStyle(document.documentElement).fontFamily}`;
}

function ink() {
  let long = 0;
  for (const line of strokes) line.forEach(([x, y], n) => { if (n) long += Math.hypot(x - line[n - 1][0], y - line[n - 1][1]); });
  return long;
}

function is() {
  return typed.value.trim() !== "" || ink() >= ENOUGH;
}

function write(on, left, top, wide) {
  const by = wide / pad.width;
  on.lineWidth = 5 * by;
  on.lineCap = on.lineJoin = "round";
  on.strokeStyle = on.fillStyle = "#000";
  for (const line of strokes) {
    on.beginPath();
    line.forEach(([x, y], n) => on[n ? "lineTo" : "moveTo"](left + x * by, top + y * by));
    on.stroke();
  }
  const name = typed.value.trim();
  if (name) {
    on.font = font(72 * by);
    on.fillText(name, left + 30 * by, top + 180 * by, wide - 60 * by);
  }
}

// Everything that the form says, as a person reads it: label and value, line by line.
function told() {
  const lines = [];
  const { colon, comma } = box.dataset;
  for (const one of form.querySelectorAll("label[for]")) {
    const field = document.getElementById(one.htmlFor);
    if (!field || box.contains(field) || field.type === "file" || !field.value) continue;
    const value = field.tagName === "SELECT" ? field.selectedOptions[0].textContent : field.value;
    lines.push(`${one.firstChild.textContent.trim()}${colon}${value}`);
  }
  for (const set of form.querySelectorAll("fieldset:not(#sign)")) {
    const chosen = [...set.querySelectorAll(CHOSEN)].map((one) => one.parentElement.textContent.trim());
    if (chosen.length) lines.push(`${set.querySelector("legend").firstChild.textContent.trim()}${colon}${chosen.join(comma)}`);
  }
  for (const one of form.querySelectorAll("label.inline input:checked")) lines.push(`✓ ${one.parentElement.textContent.trim()}`);
  return lines;
}

function folded(on, lines) {
  const made = [];
  for (const line of lines.flatMap((one) => one.split("\n"))) {
    let row = "";
    for (const letter of line) {
      if (on.measureText(row + letter).width > WIDE - 2 * MARGIN) {
        made.push(row);
        row = "";
      }
      row += letter;
    }
    made.push(row);
  }
  return made;
}

function sheet() {
  const page = document.createElement("canvas");
  const on = page.getContext("2d");
  on.font = font(24);
  const rows = folded(on, told());
  const line = Math.min(LINE, TALLEST / rows.length);
  const foot = 120 + rows.length * line;
  [page.width, page.height] = [WIDE, foot + 440];
  on.fillStyle = "#fff";
  on.fillRect(0, 0, page.width, page.height);
  on.fillStyle = "#000";
  on.font = font(34);
  on.fillText(box.dataset.title, MARGIN, 70, WIDE - 2 * MARGIN);
  on.font = font(line * 0.7);
  rows.forEach((row, n) => on.fillText(row, MARGIN, 120 + n * line));
  on.font = font(24);
  on.fillText(`${box.dataset.signed}${box.dataset.colon}${typed.value.trim() ? box.dataset.typed : ""}`, MARGIN, foot + 30);
  const now = new Date();
  const local = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16).replace("T", " ");
  on.fillText(`${box.dataset.at}${box.dataset.colon}${local}`, MARGIN, foot + 410);
  write(on, MARGIN, foot + 50, WIDE - 2 * MARGIN);
  const raw = atob(page.toDataURL("image/png").split(",")[1]);
  const name = `${box.dataset.file} ${box.dataset.title}.png`.replace(/[\\/]/g, "_");
  return new File([Uint8Array.from(raw, (one) => one.charCodeAt(0))], name, { type: "image/png" });
}

function show() {
  const on = pad.getContext("2d");
  on.clearRect(0, 0, pad.width, pad.height);
  write(on, 0, 0, pad.width);
  if (is()) {
    file.value = "";
    if (way) way.value = "signature"; // no seal stands on the glass
    signedOf = told().join("\n");
  }
  file.required = needed && !is();
  said.textContent = box.dataset[is() ? "saidInk" : file.value ? "saidFile" : "saidNone"];
}

function clear() {
  strokes.length = 0;
  typed.value = "";
  show();
}

function at(event) {
  const seen = pad.getBoundingClientRect();
  return [((event.clientX - seen.left) * pad.width) / seen.width, ((event.clientY - seen.top) * pad.height) / seen.height];
}

let drawing = null;
pad.addEventListener("pointerdown", (event) => {
  if (drawing !== null || event.button) return;
  drawing = event.pointerId;
  pad.setPointerCapture(drawing);
  strokes.push([at(event)]);
});
pad.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drawing) return;
  const between = event.getCoalescedEvents?.() ?? [];
  for (const one of between.length ? between : [event]) strokes.at(-1).push(at(one));
  show();
});
for (const end of ["pointerup", "pointercancel"]) {
  pad.addEventListener(end, (event) => {
    if (event.pointerId !== drawing) return;
    drawing = null;
    show();
  });
}
typed.addEventListener("input", show);
document.getElementById("sign-clear").addEventListener("click", clear);
file.addEventListener("change", () => (file.value ? (strokes.splice(0), (typed.value = ""), show()) : show()));
// Nobody signs what he did not read: a change takes the signature off.
form.addEventListener("change", (event) => {
  if (!box.contains(event.target) && event.target !== file && is() && told().join("\n") !== signedOf) clear();
});
form.addEventListener("submit", () => {
  if (!is()) return;
  const carried = new DataTransfer();
  carried.items.add(sheet());
  file.files = carried.files;
});
box.hidden = false;
show();
