// Hand-in: takes the page that the bookmarklet sends, into the form. Nothing is posted before the editor presses 收下.
(() => {
  "use strict";

  const form = document.querySelector("form[data-handin]");
  const bookmark = document.querySelector("a[data-bookmarklet]");

  // The content security policy forbids to run it here; it is for the bookmarks bar.
  bookmark?.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("[data-hint]").hidden = false;
  });

  if (!form || !("receives" in form.dataset)) return;

  const show = (when) => {
    for (const line of document.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== when;
  };
  const write = (name, text) => {
    document.querySelector(`[data-show="${name}"]`).textContent = text;
  };

  const isPage = (event) => {
    const sent = event.data;
    if (event.source !== window.opener || !sent || sent.kind !== "jianbao-page") return false;
    if (typeof sent.html !== "string" || typeof sent.url !== "string") return false;
    return URL.canParse(sent.url) && new URL(sent.url).origin === event.origin;
  };

  const receive = (event) => {
    if (!isPage(event)) return;
    window.removeEventListener("message", receive);
    const page = new File([event.data.html], "page.html", { type: "text/html" });
    if (page.size > Number(form.dataset.largest)) return show("large");
    const carrier = new DataTransfer();
    carrier.items.add(page);
    form.elements.page.files = carrier.files;
    form.elements.url.value = event.data.url;
    write("title", String(event.data.title).slice(0, 200));
    write("origin", event.origin);
    write("size", Math.ceil(page.size / 1024));
    show("ready");
    form.querySelector("[type=submit]").focus();
  };

  if (!window.opener) return show("none");
  window.addEventListener("message", receive);
  window.opener.postMessage({ kind: "jianbao-ready" }, "*"); // says only that this window listens
})();
