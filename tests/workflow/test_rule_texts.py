import re

import pytest

from tests.workflow.project import ROOT

RULE = re.compile(
    r"^ *(?:rule|checkpoint) (\w+):\n(.*?)(?=^ *(?:use rule|rule|checkpoint) \w|\Z)", re.M | re.S
)
FILES = sorted((ROOT / "workflow/rules").glob("*.smk"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_params_only_read_inputs_that_have_a_name_in_the_rule(path):
    """Others come from `unpack(after(...))`, which names none while a checkpoint is ahead: then the
    rule could not be planned.
    """
    for rule, body in RULE.findall(path.read_text()):
        inputs, _, rest = body.partition("output:")
        for name in re.findall(r"subpath\(input\.(\w+)", rest):
            known = f" {name}=" in inputs or "unpack(at_once(" in inputs
            assert known, f"{rule}: input.{name}"
