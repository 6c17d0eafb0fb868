"""What the final ensemble gets wrong on the held-out split."""

from dataclasses import dataclass

from yt8m.calibration.reliability import Reliability
from yt8m.error_analysis.class_gains import ClassGains
from yt8m.error_analysis.confusion_files import Confusions
from yt8m.error_analysis.mistake_files import Mistakes


@dataclass(frozen=True)
class Errors:
    """Each is None if its file is not there, as in a run of an older version."""

    split: str
    mistakes: Mistakes | None
    confusions: Confusions | None
    gains: ClassGains | None
    reliability: Reliability | None
