// Sorts tables of the class "sortable" by the column whose title is clicked.

// The number in a cell, from its key or its text; null if it has none.
function number(cell) {
  const text = cell.dataset.key ?? cell.textContent.trim().replaceAll(",", "").replace("\u2212", "-");
  const found = Number(text.replace(/[±+%\u00a0]/g, ""));
  return text.trim() === "" || Number.isNaN(found) ? null : found;
}

// Cells without a number come last in both directions; equal ones keep their order.
function compare(a, b, numeric, sign) {
  if (!numeric) return sign * a.textContent.localeCompare(b.textContent, "en", { numeric: true });
  const [x, y] = [number(a), number(b)];
  if (x === null || y === null) return (x === null) - (y === null);
  return sign * (x - y);
}

function sort(table, index) {
  const heads = [...table.tHead.rows[0].cells];
  const head = heads[index];
  const numeric = head.classList.contains("number");
  const before = head.getAttribute("aria-sort");
  const first = numeric ? "descending" : "ascending";
  const other = numeric ? "ascending" : "descending";
  const order = before === first ? other : first;
  for (const each of heads) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const sign = order === "ascending" ? 1 : -1;
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => compare(a.cells[index], b.cells[index], numeric, sign));
  table.tBodies[0].append(...rows);
}

for (const table of document.querySelectorAll("table.sortable")) {
  [...table.tHead.rows[0].cells].forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, index));
    head.append(button);
  });
}
