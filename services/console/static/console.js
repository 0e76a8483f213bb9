// What a desk does beyond plain HTML: it hears that something moved, and never loses what is typed.

const body = document.body;
const stands = new URLSearchParams(body.dataset.stands || "");

function dirty(root) {
  return [...root.querySelectorAll("input,textarea,select")].some((one) => {
    if (one.type === "hidden" || one.type === "submit" || one.id === "q") return false;
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.tagName === "SELECT") return [...one.options].some((o) => o.selected !== o.defaultSelected);
    return one.value !== one.defaultValue;
  });
}

function busy(part) {
  return dirty(part) || (part.contains(document.activeElement) && document.activeElement !== part);
}

// Parts marked data-live are fetched again; one in which somebody is typing or stands is left alone.
async function refresh() {
  const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
  if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  let left = 0;
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.innerHTML === part.innerHTML) continue;
    if (busy(part)) left += 1;
    else {
      part.replaceWith(document.adoptNode(other));
      window.htmx?.process(document.getElementById(part.id));
    }
  }
  const [mine, its] = [document.getElementById("asof"), fresh.getElementById("asof")];
  if (mine && its) mine.replaceWith(document.adoptNode(its));
  tell(left > 0 || !document.querySelector("[data-live]"));
}

function tell(anything) {
  const news = document.getElementById("news");
  news.replaceChildren();
  if (!anything) return;
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = body.dataset.show;
  news.append(`${body.dataset.moved} `, link);
}

if (stands.size && window.EventSource) {
  const heard = new EventSource(`/live?of=${[...stands.keys()].join(",")}`);
  const look = (event) => {
    const now = JSON.parse(event.data);
    const moved = Object.entries(now).some(([name, at]) => at !== null && at > Number(stands.get(name)));
    for (const [name, at] of Object.entries(now)) if (at !== null) stands.set(name, at);
    if (moved) refresh().catch(() => tell(true));
  };
  heard.addEventListener("here", look);
  heard.addEventListener("moved", look);
  addEventListener("pagehide", () => heard.close());
}

// A form that is under way is not sent twice by an impatient hand.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}
