"""Attributes that trame's widgets would silently drop: accessibility, and marks for tests."""

from typing import Final

from trame_client.widgets.core import AbstractElement

ATTRIBUTES: Final = (
    "role",
    "aria_controls",
    "aria_expanded",
    "aria_label",
    "aria_pressed",
    "aria_selected",
    "data_activity",
    "data_record",
    "data_solid",
    "data_cut",
    "data_group",
    "data_measure",
    "data_note",
    "data_fragment",
    "data_thread",
    "data_message",
    "data_version",
    "data_branch",
    "data_member",
    "inputmode",
    "placeholder",
    "maxlength",
    "autofocus",
)

for _attribute in ATTRIBUTES:
    AbstractElement.register_directive(_attribute, _attribute.replace("_", "-"))
