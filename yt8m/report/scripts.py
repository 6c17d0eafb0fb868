"""JavaScript libraries inside the page: compressed, so that the page stays small."""

import base64
import gzip
from importlib.util import find_spec
from pathlib import Path

from markupsafe import Markup

_TEMPLATE = Markup("""<script type="module">
const packed = Uint8Array.from(atob("{packed}"), (letter) => letter.charCodeAt(0));
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
const source = new Blob([await new Response(unpacked).text()], {{ type: "text/javascript" }});
const address = URL.createObjectURL(source);
const library = await import(address);
URL.revokeObjectURL(address);
{then}
</script>""")


def embedded(script: str, then: str = "") -> Markup:
    """A `<script>` that unpacks and imports an ES module, and then runs `then`.

    script: the module's source; `library` has what it exports, `window` what it sets there.
    then: JavaScript that uses it, in a scope of its own, without `</script`.
    Equal sources give equal bytes. The browser must be of 2023 or later (`DecompressionStream`).
    """
    packed = base64.b64encode(gzip.compress(script.encode(), compresslevel=9, mtime=0))
    return _TEMPLATE.format(packed=packed.decode(), then=Markup(then))


def datatables() -> str:
    """The source of DataTables, as an ES module; importing its package would import pandas."""
    package = find_spec("itables").submodule_search_locations[0]
    return (Path(package) / "html" / "dt_bundle.js").read_text(encoding="utf-8")
