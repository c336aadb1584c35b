"""Mice, tablets and keyboards, and input devices of the host (formatdomain, "Input devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off
from app.devices.shared.virtio import MODELS, options
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_KIND = Field(
    "@type",
    N_("Kind"),
    Kind.CHOICE,
    N_("What the guest sees. With a tablet the pointer is where the viewer's is."),
    (
        Choice("tablet", N_("Tablet")),
        Choice("mouse", N_("Mouse")),
        Choice("keyboard", N_("Keyboard")),
        Choice("evdev", N_("Keyboard or mouse of the host"), N_("Guest and host take turns with it")),
        Choice("passthrough", N_("Input device of the host"), N_("Only this machine uses it")),
    ),
    required=True,
)
_BUS = Field(
    "@bus",
    N_("Bus"),
    Kind.CHOICE,
    N_("How it is plugged in."),
    (Choice("usb", "USB"), Choice("virtio", "virtio"), Choice("ps2", "PS/2"), Choice("xen", "Xen")),
    when=(only("@type", "tablet", "mouse", "keyboard", "passthrough"),),
)
_EVDEV = only("@type", "evdev")
_SOURCE = (
    Field("source/@evdev", N_("Device"), Kind.PATH, N_("Of the host: /dev/input/by-id/…"), when=(only("@type", "passthrough"),)),
    Field("source/@dev", N_("Device"), Kind.PATH, N_("Of the host: /dev/input/by-id/…-event-kbd"), when=(_EVDEV,)),
    Field(
        "source/@grab",
        N_("Taken together"),
        Kind.CHOICE,
        N_("Whether all such devices change sides at once."),
        (Choice("all", N_("All at once")),),
        when=(_EVDEV,),
    ),
    Field(
        "source/@grabToggle",
        N_("Keys that change sides"),
        Kind.CHOICE,
        N_("Pressed at once they give the device to the guest or back to the host."),
        (
            Choice("ctrl-ctrl", N_("Both Ctrl")),
            Choice("alt-alt", N_("Both Alt")),
            Choice("shift-shift", N_("Both Shift")),
            Choice("meta-meta", N_("Both Meta")),
            Choice("scrolllock", N_("Scroll Lock")),
            Choice("ctrl-scrolllock", N_("Ctrl and Scroll Lock")),
        ),
        default="ctrl-ctrl",
        when=(_EVDEV,),
    ),
    on_off("source/@repeat", N_("Keys repeat"), N_("A key that is held is sent again and again."), when=(_EVDEV,)),
)


def _summary(document: Document, element: Element) -> str:
    source = document.get("source/@evdev", None, element) or document.get("source/@dev", None, element)
    return source or word_of(_BUS, document, element) or _("default bus")


def _title(document: Document, element: Element) -> str:
    return word_of(_KIND, document, element) or _("Input device")


INPUT = DeviceType(
    "input",
    N_("Input device"),
    "device-input",
    Band.DEVICES,
    (
        Section(N_("Input device"), (_KIND, _BUS, *_SOURCE)),
        address("usb", "pci", "ccw", "virtio-mmio"),
        more(
            Field(
                "@model",
                N_("Form of virtio"),
                Kind.CHOICE,
                N_("Only for old guests another than virtio."),
                MODELS,
                default="virtio",
                when=(only("@bus", "virtio"),),
            ),
            *options(only("@bus", "virtio")),
        ),
    ),
    _summary,
    N_("A pointer or keyboard of the guest."),
    order=120,
    tag="input",
    title=_title,
    variants=(
        Variant(
            "input-tablet", N_("Tablet (USB)"), "<input type='tablet' bus='usb'/>", N_("The pointer is where the viewer's is.")
        ),
        Variant("input-keyboard", N_("Keyboard (USB)"), "<input type='keyboard' bus='usb'/>"),
        Variant("input-mouse", N_("Mouse (USB)"), "<input type='mouse' bus='usb'/>"),
        Variant("input-tablet-virtio", N_("Tablet (virtio)"), "<input type='tablet' bus='virtio'/>"),
        Variant("input-keyboard-virtio", N_("Keyboard (virtio)"), "<input type='keyboard' bus='virtio'/>"),
        Variant("input-mouse-virtio", N_("Mouse (virtio)"), "<input type='mouse' bus='virtio'/>"),
        Variant(
            "input-evdev",
            N_("Keyboard or mouse of the host"),
            "<input type='evdev'><source dev='/dev/input/event0' grab='all' grabToggle='ctrl-ctrl' repeat='on'/></input>",
            N_("Guest and host take turns with it."),
        ),
        Variant(
            "input-passthrough",
            N_("Input device of the host"),
            "<input type='passthrough' bus='virtio'><source evdev='/dev/input/event0'/></input>",
        ),
    ),
    hotplug=True,
)
