// Turns the first rows of the table of classes into all rows: `library` has DataTables and the data.
const DataTable = library.default;
const { names, positives, scores, unit, rows } = library.classes;
const element = document.querySelector("#class-table");
const heads = [...element.tHead.rows[0].cells];
const titles = heads.map((head) => head.textContent);
const SCORES_FROM = 3;
const GAIN = 4;

// Classes without positives have no score; they come last in both directions.
const last = (compare) => (a, b) =>
  a === null || b === null ? (a === null) - (b === null) : compare(a, b);
DataTable.ext.type.order["score-asc"] = last((a, b) => a - b);
DataTable.ext.type.order["score-desc"] = last((a, b) => b - a);

function score(index) {
  return (value, type) => {
    if (type === "export") return value === null ? "" : (value / unit).toFixed(4);
    if (type !== "display") return value;
    if (value === null) return "–";
    const size = (Math.abs(value) / unit).toFixed(4);
    const sign = index !== GAIN ? "" : value > 0 ? "+" : value < 0 ? "\u2212" : "±";
    return sign + size;
  };
}

function render(index) {
  if (index >= SCORES_FROM) return { type: "score", render: score(index) };
  if (index === 1) return { type: "string", render: DataTable.render.text() };
  return { type: "num", render: index === 2 ? DataTable.render.number(",") : null };
}

const columns = heads.map((head, index) => ({
  ...render(index),
  className: head.className,
  cellType: index === 1 ? "th" : "td",
  searchable: index < 2,
  orderSequence: index < 2 ? ["asc", "desc"] : ["desc", "asc"],
  createdCell(cell, value) {
    if (cell.tagName === "TH") cell.scope = "row";
    if (head.matches(".bar")) cell.style.setProperty("--bar", `${(100 * (value ?? 0)) / unit}%`);
  },
}));

const least = Object.assign(document.createElement("input"), {
  type: "number", min: 0, max: Math.max(...positives), value: 0, id: "least-positives",
});
const filter = document.createElement("label");
filter.append("Positives, at least", least);

// A spreadsheet would evaluate such a name as a formula.
const harmless = (name) => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);

const csv = {
  extend: "csv",
  text: "Download as CSV",
  filename: "classes",
  exportOptions: {
    orthogonal: "export",
    format: {
      header: (html, index) => titles[index],
      body: (value, row, index) => (index === 1 ? harmless(value) : value),
    },
  },
  customize: (text) => `${text.trimEnd()}\n`,
};

element.parentElement.classList.remove("scroll");
element.caption.textContent = `All ${names.length.toLocaleString("en")} classes`;
const table = new DataTable(element, {
  data: names.map((name, number) => [number, name, positives[number], ...scores.map((s) => s[number])]),
  columns,
  order: [[2, "desc"]],
  autoWidth: false,
  deferRender: true,
  pageLength: rows,
  lengthMenu: [rows, 4 * rows, { label: "all", value: -1 }],
  language: {
    search: "Search",
    searchPlaceholder: "name or number",
    lengthMenu: "_MENU_ rows",
    info: "_START_ to _END_ of _TOTAL_ classes",
    infoEmpty: "No class",
    infoFiltered: "(of _MAX_)",
    zeroRecords: "No class has this name or number.",
  },
  layout: {
    topStart: "search",
    topEnd: [() => filter, { buttons: [csv] }],
    bottomStart: ["info", "pageLength"],
    bottomEnd: "paging",
  },
});
table.search.fixed("positives", (text, row) => row[2] >= least.value);
least.addEventListener("input", () => table.draw());
