// What a page lacks for those who cannot see it: a list of sentences, empty where all is well.
// Elements that match `unlabelled` are let off.
(unlabelled) => {
  const faults = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("[aria-hidden=true]");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const words = (element) =>
    (element.innerText || "").trim() ||
    element.getAttribute("aria-label") ||
    (element.getAttribute("aria-labelledby") || "").split(/\s+/).map((id) => document.getElementById(id)?.innerText || "").join("") ||
    [...element.querySelectorAll("img[alt]")].map((image) => image.alt).join("") ||
    [element, ...element.querySelectorAll("[title]")].map((titled) => titled.title).join("");
  const name = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);

  if (!document.documentElement.lang) faults.push("html has no lang");
  if (!document.title.trim()) faults.push("there is no title");
  if (all("h1").length !== 1) faults.push(`${all("h1").length} h1`);
  if (all("main, [role=main]").length !== 1) faults.push(`${all("main, [role=main]").length} main`);

  let last = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const level = Number(heading.tagName[1]);
    if (!words(heading)) faults.push(`an empty heading: ${name(heading)}`);
    if (level > last + 1) faults.push(`h${level} after h${last}: ${name(heading)}`);
    last = level;
  }
  for (const field of all("input, select, textarea")) {
    if (["hidden", "submit", "button"].includes(field.type) || field.matches(unlabelled)) continue;
    if (![...field.labels].some(words) && !words(field)) faults.push(`no label: ${name(field)}`);
  }
  for (const image of all("img")) if (!image.hasAttribute("alt")) faults.push(`no alt: ${name(image)}`);
  for (const link of all("a[href], button, summary")) if (!words(link) && !link.matches(unlabelled)) faults.push(`no words: ${name(link)}`);
  for (const button of all("input[type=submit], input[type=button]")) if (!button.value) faults.push(`no words: ${name(button)}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) faults.push(`the id ${id} is there twice`);
  for (const element of all("[aria-describedby], [aria-labelledby]").filter((element) => !element.matches(unlabelled)))
    for (const attribute of ["aria-describedby", "aria-labelledby"])
      for (const id of (element.getAttribute(attribute) || "").split(/\s+/))
        if (id && !document.getElementById(id)) faults.push(`${attribute} points at ${id}, which is not there`);
  return faults;
}
