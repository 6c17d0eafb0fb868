// Turns the first rows of the table into all rows: `library` has DataTables and the columns.
const DataTable = library.default;
const { columns, limit, pageRows, rowsId } = library;
const rows = JSON.parse(document.getElementById(rowsId).textContent);
const element = document.querySelector("#rows");
const heads = [...element.tHead.rows[0].cells];
const titles = heads.map((head) => head.textContent);

// Rows without a value come last in both directions.
const last = (compare) => (a, b) =>
  a === null || b === null ? (a === null) - (b === null) : compare(a, b);
DataTable.ext.type.order["given-asc"] = last((a, b) => a - b);
DataTable.ext.type.order["given-desc"] = last((a, b) => b - a);

const metric = (value) => value.toFixed(4);
const signed = (value) => {
  const text = metric(Math.abs(value));
  return (Number(text) === 0 ? "±" : value > 0 ? "+" : "\u2212") + text;
};
function bytes(value) {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let power = 0;
  while (value >= 999.5 && power < units.length - 1) [value, power] = [value / 1000, power + 1];
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}\u00a0${units[power]}`;
}
const time = (value) =>
  value < 100 ? `${value.toFixed(0)} s` : value < 6000 ? `${(value / 60).toFixed(1)} min` : `${(value / 3600).toFixed(1)} h`;
const number = (value) => String(Math.abs(value) < 1e-4 && value !== 0 ? value.toExponential() : Number(value.toPrecision(6)));
const p = (value) => (value < 0.001 ? "<0.001" : value.toFixed(3));
const texts = { number, metric, gap: metric, difference: signed, p, bytes, time };

const escaped = (text) => DataTable.util.escapeHtml(String(text));
function below(kind, row) {
  const parts = [];
  if (kind === "gap" && row.sd !== undefined) parts.push(`± ${metric(row.sd)}`);
  if (kind === "gap" && row.low !== undefined) parts.push(`[${metric(row.low)}, ${metric(row.high)}]`);
  if (kind === "difference" && row.dlow !== undefined) parts.push(`[${signed(row.dlow)}, ${signed(row.dhigh)}]`);
  return parts.length ? `<span class="below">${parts.join(" ")}</span>` : "";
}

function shown({ key, kind }, row) {
  if (kind === "difference" && row.diff === undefined) return "reference";
  if (kind === "p" && row.diff === undefined) return "";
  if (row[key] === undefined) return kind === "text" || kind === "number" ? "" : "–";
  if (kind === "text") return escaped(row[key]).replaceAll("_", "_<wbr>");
  return escaped(texts[kind](row[key])) + below(kind, row);
}

function look(row) {
  if (row.p === undefined || row.p > limit || (row.dlow <= 0 && row.dhigh >= 0)) return "noise";
  return row.diff > 0 ? "gain" : "drop";
}

function note(row) {
  const found = [];
  if (row.members) found.push(`with ${row.members}`);
  if (row.same) found.push(`same settings: ${row.same}`);
  return found.join("; ");
}

function column(each, index) {
  const text = each.kind === "text";
  return {
    data: null,
    type: text ? "string" : "given",
    className: heads[index].className,
    cellType: heads[index].matches(".name") ? "th" : "td",
    searchable: text,
    orderSequence: text ? ["asc", "desc"] : ["desc", "asc"],
    render(_, type, row) {
      if (type === "display") return shown(each, row);
      return row[each.key] ?? (text ? "" : type === "export" ? "" : null);
    },
    createdCell(cell, _, row) {
      if (cell.tagName === "TH") cell.scope = "row";
      if (cell.tagName === "TH" && note(row)) cell.title = note(row);
      if (each.kind === "difference") cell.classList.add(look(row));
    },
  };
}

// A spreadsheet would evaluate such a text as a formula.
const harmless = (value) => (typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
const csv = {
  extend: "csv",
  text: "Download as CSV",
  filename: "comparison",
  exportOptions: {
    orthogonal: "export",
    format: { header: (html, index) => titles[index], body: harmless },
  },
  customize: (text) => `${text.trimEnd()}\n`,
};

element.parentElement.classList.remove("scroll");
element.caption.textContent = rows.length === 1 ? "The only row" : `All ${rows.length.toLocaleString("en")} rows`;
new DataTable(element, {
  data: rows,
  columns: columns.map(column),
  order: [[columns.findIndex(({ key }) => key === "gap"), "desc"]],
  autoWidth: false,
  deferRender: true,
  pageLength: pageRows,
  lengthMenu: [pageRows, 4 * pageRows, { label: "all", value: -1 }],
  createdRow: (tr, row) => tr.classList.toggle("final", row.chosen === 1),
  language: {
    search: "Search",
    searchPlaceholder: "graph or text",
    lengthMenu: "_MENU_ rows",
    info: "_START_ to _END_ of _TOTAL_ rows",
    infoEmpty: "No row",
    infoFiltered: "(of _MAX_)",
    zeroRecords: "No row has this text.",
  },
  layout: {
    topStart: "search",
    topEnd: { buttons: [csv] },
    bottomStart: ["info", "pageLength"],
    bottomEnd: "paging",
  },
});
document.documentElement.dataset.rows = "shown";
