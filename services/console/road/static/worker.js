// What the browser gets while there is no network: the pages that were taken along, and a list.

const PATIENCE = 6_000;
const SIGNS = ["/sign-in", "/sign-out", "/account"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => {
  if (event.tag === "road") event.waitUntil(Road.send());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(taken(request).then((known) => known || fetch(request)));
  else if (request.mode !== "navigate") return;
  else if (request.method === "GET") event.respondWith(page(request, url, event));
  else if (request.method === "POST") event.respondWith(act(request, url));
});

const taken = (request) => caches.match(request, { ignoreSearch: false });

async function page(request, url, event) {
  const road = /^\/road(\/|$)/.test(url.pathname);
  const known = road ? await caches.match(url.pathname, { ignoreSearch: true }) : undefined;
  const asked = fetch(request);
  const slow = known && new Promise((yes) => setTimeout(() => yes(known.clone()), PATIENCE));
  try {
    const answer = await (slow ? Promise.race([asked, slow]) : asked);
    if (signs(url)) await Road.lock();
    if (road && answer.status === 200 && answer !== known && !url.search) {
      const copy = answer.clone();
      event.waitUntil(caches.open(Road.PAGES).then((pages) => pages.put(url.pathname, copy)));
    }
    asked.catch(() => {});
    return answer;
  } catch {
    if (known) return known;
    return (await caches.match("/road")) ? Response.redirect("/road", 302) : said(...NOWHERE);
  }
}

// A form that cannot be sent is kept, whichever page it stood on.
async function act(request, url) {
  const copy = request.clone();
  try {
    const answer = await fetch(request);
    if (signs(url)) await Road.lock();
    return answer;
  } catch {
    if (url.pathname === "/sign-out") {
      await Road.lock();
      return said(...SIGN_OUT);
    }
    const [, act, service, name] = url.pathname.split("/");
    if (act !== "do") return said(...NOT_KEPT);
    try {
      const form = await copy.formData();
      if (form.get("_more")) return said(...NOT_KEPT);
      const thing = url.searchParams.get("id") || crypto.randomUUID();
      await Road.keep(form, { service, name, query: url.search, thing, title: form.get("_title") || name, again: true });
      return Response.redirect("/road", 303);
    } catch {
      return said(...NOT_KEPT);
    }
  }
}

const signs = (url) => SIGNS.some((start) => url.pathname.startsWith(start));

const NOWHERE = ["没有网络，这一页没有带在手机上。请有网时再打开。", "No network, and this page was not taken along. Open it when there is one."];
const NOT_KEPT = ["没有网络，这张表单没有提交，也没有保存。请按返回键，填写的内容还在；有网后再提交。", "No network: this form was neither sent nor kept. Go back, what you typed is still there; send it when there is a network."];
const SIGN_OUT = ["没有网络，还没有退出；本机带着的办件已锁上。有网后请再按一次退出。", "No network: you are not signed out yet, but what this phone took along is locked. Sign out again when there is a network."];

function said(zh, en) {
  const text = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>没有网络 · No network</title><main><h1>没有网络 · No network</h1><p>${zh}</p><p lang="en">${en}</p><p><a href="/">重试 · Try again</a></p></main></html>`;
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
