// Suggestions under the search box: a combobox after the ARIA pattern. Without this script the box is a plain form.
const box = document.querySelector("[data-suggest]");
const field = box?.querySelector("input");
const WAIT = 180; // milliseconds that nobody types

const list = document.createElement("ul");
const heard = document.createElement("p");
let options = [];
let active = -1;
let timer;
let asked = "";
let asking;

const close = () => {
  list.hidden = true;
  active = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
};

const choose = (place) => {
  active = (place + options.length + 1) % (options.length + 1); // one past the last is the field itself
  for (const [index, option] of options.entries()) option.setAttribute("aria-selected", String(index === active));
  if (active === options.length) {
    active = -1;
    field.removeAttribute("aria-activedescendant");
    return;
  }
  field.setAttribute("aria-activedescendant", options[active].id);
  options[active].scrollIntoView({ block: "nearest" });
};

const line = ({ text, kind, url }, index) => {
  const option = document.createElement("li");
  option.id = `suggestion-${index}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const name = document.createElement("span");
  name.textContent = text;
  const what = document.createElement("small");
  what.textContent = kind;
  option.append(name, what);
  option.dataset.url = url;
  option.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  option.addEventListener("click", () => location.assign(url));
  return option;
};

const show = (found) => {
  options = found.map(line);
  list.replaceChildren(...options);
  heard.textContent = options.length ? box.dataset.found : "";
  if (!options.length || document.activeElement !== field) return close();
  active = -1;
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
};

const ask = async () => {
  const typed = field.value.trim();
  if (typed === asked) return;
  asked = typed;
  asking?.abort();
  if (!typed) return show([]);
  asking = new AbortController();
  try {
    const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
    if (answer.ok && typed === asked) show((await answer.json()).suggestions);
  } catch (error) {
    if (error.name !== "AbortError") close(); // the network is gone: the form still works
  }
};

const later = (event) => {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(ask, WAIT); // pinyin that is not yet a word asks for nothing
};

const press = (event) => {
  if (event.isComposing || list.hidden) return;
  if (event.key === "ArrowDown") choose(active + 1);
  else if (event.key === "ArrowUp") choose(active < 0 ? options.length - 1 : active - 1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && active >= 0) location.assign(options[active].dataset.url);
  else return;
  event.preventDefault();
};

if (field) {
  list.id = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.name);
  heard.setAttribute("role", "status");
  heard.className = "heard";
  box.append(list, heard);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]])
    field.setAttribute(name, value);
  field.setAttribute("aria-expanded", "false");
  field.addEventListener("input", later);
  field.addEventListener("compositionend", later);
  field.addEventListener("keydown", press);
  field.addEventListener("blur", close);
}
