// One stop of a walk with the Tab key: what has the focus, and whether the stop before looked different while it had it.
// Elements that match `excused` need not.
(excused) => {
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
      style.backgroundColor, style.color, style.textDecorationLine, style.textDecorationColor].join(" ");
  };
  const name = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const before = window.walkedFrom;
  const unseen = before && before.element.isConnected && !before.element.matches(excused) && look(before.element) === before.look ? name(before.element) : "";
  const element = document.activeElement;
  if (!element || element === document.body) {
    window.walkedFrom = null;
    return { end: true, unseen, hidden: "" };
  }
  window.walkedFrom = { element, look: look(element) };
  const box = element.getBoundingClientRect();
  const inside = box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0 && box.left < innerWidth && box.top < innerHeight;
  return { end: false, unseen, hidden: inside ? "" : name(element) };
}
