"""The invented clinic itself: its name, its clock, its clinicians and sites with their shares of the work."""

from typing import Final
from zoneinfo import ZoneInfo

NAME: Final = "Harbour Street Ketamine Clinic"
ZONE: Final = ZoneInfo("America/New_York")
CLINICIANS: Final = {"Dr. Amara Lindqvist": 0.57, "Dr. Tomás Okonkwo": 0.43}
SITES: Final = {"Harbour Street": 0.68, "Northgate": 0.32}
