// Marks the section in view in the table of contents, and copies commands.
const sections = [...document.querySelectorAll("main > section")];
const contents = document.querySelector("body > nav");

function mark() {
  const current = sections.findLast((s) => s.getBoundingClientRect().top <= innerHeight * 0.3) ?? sections[0];
  for (const link of contents.querySelectorAll("a")) {
    const here = link.hash === `#${current.id}`;
    if (here === link.hasAttribute("aria-current")) continue;
    link.toggleAttribute("aria-current", here);
    if (here) link.setAttribute("aria-current", "location");
    if (here) contents.scrollLeft = link.offsetLeft - (contents.clientWidth - link.offsetWidth) / 2;
  }
}
addEventListener("scroll", mark, { passive: true });
addEventListener("resize", mark);
mark();

async function copy(button, code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button, button.parentElement.querySelector("code")));
}
