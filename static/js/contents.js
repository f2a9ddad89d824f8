// Marks, in an issue's contents, the item that is being read. Only a comfort: the contents are plain links.
const links = new Map();
for (const link of document.querySelectorAll(".contents a")) {
  const item = document.getElementById(link.hash.slice(1));
  if (item) links.set(item, link);
}

const watch = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(target).setAttribute("aria-current", "location");
    }
  },
  { rootMargin: "-15% 0px -80% 0px" },
);
for (const item of links.keys()) watch.observe(item);
