const variables = getComputedStyle(document.documentElement);
const font = getComputedStyle(document.body).fontFamily;
const options = {
  mode: "vega-lite", renderer: "svg", config: { ...theme, font }, actions: false,
  defaultStyle: "/* in charts.css */",
  tooltip: { theme: "page", disableDefaultStyle: true },
  patch: withLabels,
};

const figures = await Promise.all([...document.querySelectorAll(".chart")].map(draw));
figures.forEach(link);
document.documentElement.dataset.charts = "drawn";

async function draw(place) {
  const spec = JSON.parse(place.querySelector("script").textContent);
  // Rows that several figures show are in the page once.
  const shared = spec.data?.name && document.getElementById(spec.data.name);
  if (shared) spec.datasets = { ...spec.datasets, [spec.data.name]: JSON.parse(shared.textContent) };
  const { view } = await vegaEmbed(place, spec, options);
  place.append(saving(view, spec.description));
  const choices = (spec.params ?? []).filter((each) => each.bind === "legend");
  return { view, beside: place.parentNode, stores: choices.map((each) => `${each.name}_store`) };
}

// What is chosen in a legend is chosen in the same legends beside it.
function link(figure) {
  for (const store of figure.stores)
    figure.view.addDataListener(store, (_, rows) => {
      const chosen = rows.map(({ unit, fields, values }) => ({ unit, fields, values }));
      const differs = ({ view }) => String(view.data(store).map((row) => row.values)) !== String(chosen.map((row) => row.values));
      for (const other of figures.filter((each) => each.beside === figure.beside && each.stores.includes(store)))
        if (differs(other)) other.view.data(store, chosen).runAsync();
    });
}

// Names beside marks, where they cover neither marks nor other names.
function withLabels(spec) {
  for (const mark of spec.marks.filter((mark) => mark.name === "spots_marks"))
    spec.marks.push({
      type: "text", name: "labels", from: { data: mark.name }, interactive: false, clip: true, zindex: 1,
      encode: { update: {
        text: { signal: "datum.datum.label || ''" }, fill: { value: "var(--ink)" },
        fillOpacity: { signal: "datum.opacity" }, fontSize: { value: 12 }, limit: { value: 200 },
      } },
      transform: [{
        type: "label", size: { signal: "[max(width, 1), max(height, 1)]" }, offset: [6],
        avoidMarks: spec.marks.map((each) => each.name).filter((name) => name === "budget_marks"),
        anchor: ["top", "left", "bottom", "right", "top-left", "top-right", "bottom-left", "bottom-right"],
      }],
    });
  return spec;
}

// Buttons that save a figure as it looks.
function saving(view, description) {
  const place = document.createElement("div");
  place.className = "save";
  place.append("save as");
  for (const type of ["svg", "png"]) {
    const button = document.createElement("button");
    button.textContent = type.toUpperCase();
    button.onclick = async () => {
      const link = document.createElement("a");
      link.download = `${description.replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 60)}.${type}`;
      link.href = await picture(coloured(await view.toSVG()), type);
      link.click();
    };
    place.append(" ", button);
  }
  return place;
}

// Outside the page, its variables have no values.
function coloured(svg) {
  return svg.replace(/var\((--[\w-]+)\)/g, (_, name) => variables.getPropertyValue(name).trim());
}

async function picture(svg, type) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  if (type === "svg") return address;
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}
