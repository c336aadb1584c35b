"""Where the guest's sound goes at the host (formatdomain, "Audio backends")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant, When
from app.devices.shared.conditions import only
from app.devices.shared.switches import yes_no
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_KIND = Field(
    "@type",
    N_("Kind"),
    Kind.CHOICE,
    N_("Where the sound goes to and comes from."),
    (
        Choice("spice", "SPICE", N_("To the viewer")),
        Choice("none", N_("Nowhere")),
        Choice("pipewire", "PipeWire", since=(9, 9, 0)),
        Choice("pulseaudio", "PulseAudio"),
        Choice("alsa", "ALSA"),
        Choice("jack", "JACK"),
        Choice("oss", "OSS"),
        Choice("coreaudio", "Core Audio (macOS)"),
        Choice("sdl", "SDL"),
        Choice("dbus", "D-Bus"),
        Choice("file", N_("File (WAV)")),
    ),
    required=True,
)
_FORMATS = tuple(Choice(name, "") for name in ("s8", "u8", "s16", "u16", "s32", "u32", "f32"))


def _kinds(*kinds: str) -> tuple[When, ...]:
    return (only("@type", *kinds, why=N_("This backend does not have it.")),)


def _direction(side: str, title: str) -> Section:
    own = only(f"{side}/@fixedSettings", "yes", why=N_("First turn its own settings on."))
    return Section(
        title,
        (
            yes_no(
                f"{side}/@mixingEngine",
                N_("Mixed by the emulator"),
                N_("The emulator changes the sound into what the host wants."),
                default="yes",
            ),
            yes_no(f"{side}/@fixedSettings", N_("Settings of its own"), N_("Not those of the guest's card.")),
            Field(
                f"{side}/settings/@frequency",
                N_("Sample rate"),
                Kind.INTEGER,
                help=N_("For example 44100 or 48000."),
                unit="Hz",
                minimum=1,
                when=(own,),
            ),
            Field(
                f"{side}/settings/@channels",
                N_("Channels"),
                Kind.INTEGER,
                help=N_("1 is mono, 2 is stereo."),
                minimum=1,
                when=(own,),
            ),
            Field(
                f"{side}/settings/@format",
                N_("Sample format"),
                Kind.CHOICE,
                help=N_("Bits of one sample: s16 is usual."),
                choices=_FORMATS,
                when=(own,),
            ),
            Field(f"{side}/@voices", N_("Voices"), Kind.INTEGER, N_("How many sounds at once."), minimum=1),
            Field(f"{side}/@bufferLength", N_("Buffer"), Kind.INTEGER, N_("More is steadier and later."), unit="µs", minimum=1),
            *_host(side),
        ),
        folded=True,
    )


def _host(side: str) -> tuple[Field, ...]:
    """What only some backends have."""
    return (
        Field(f"{side}/@dev", N_("Device"), Kind.TEXT, N_("For example hw:0 or /dev/dsp."), when=_kinds("alsa", "oss")),
        Field(
            f"{side}/@bufferCount",
            N_("Buffers"),
            Kind.INTEGER,
            help=N_("Into how many pieces the sound is cut."),
            minimum=1,
            when=_kinds("coreaudio", "oss", "sdl"),
        ),
        yes_no(
            f"{side}/@tryPoll",
            N_("Wait by polling"),
            N_("Asks the device again and again instead of waiting to be told."),
            when=_kinds("alsa", "oss"),
        ),
        Field(
            f"{side}/@name",
            N_("Device or sink"),
            Kind.TEXT,
            help=N_("As the host's sound server calls it."),
            when=_kinds("pulseaudio", "pipewire"),
        ),
        Field(
            f"{side}/@streamName",
            N_("Name of the stream"),
            Kind.TEXT,
            N_("As the host's mixer shows it."),
            when=_kinds("pulseaudio", "pipewire"),
        ),
        Field(
            f"{side}/@latency",
            N_("Delay"),
            Kind.INTEGER,
            help=N_("More is steadier and later."),
            unit="µs",
            minimum=1,
            when=_kinds("pulseaudio", "pipewire"),
        ),
        Field(
            f"{side}/@serverName",
            N_("JACK server"),
            Kind.TEXT,
            help=N_("Its name, if not the default server."),
            when=_kinds("jack"),
        ),
        Field(
            f"{side}/@clientName",
            N_("Name as a client"),
            Kind.TEXT,
            help=N_("As it appears among JACK's clients."),
            when=_kinds("jack"),
        ),
        Field(f"{side}/@connectPorts", N_("Connect to ports"), Kind.TEXT, N_("A regular expression."), when=_kinds("jack")),
        yes_no(
            f"{side}/@exactName",
            N_("Exactly this name"),
            N_("Without it a number may be added to the name."),
            when=_kinds("jack"),
        ),
    )


_FIELDS = (
    _KIND,
    Field(
        "@id",
        N_("Number"),
        Kind.INTEGER,
        N_("Sound cards and displays name the backend by it."),
        minimum=1,
        maximum=255,
        required=True,
        distinct=True,
    ),
    Field(
        "@serverName",
        N_("Server"),
        Kind.TEXT,
        N_("Of PulseAudio; without one that of the emulator's user."),
        when=_kinds("pulseaudio"),
    ),
    Field(
        "@runtimeDir",
        N_("Folder of PipeWire"),
        Kind.PATH,
        N_("Without one that of the emulator's user: /run/user/1000."),
        when=_kinds("pipewire"),
        since=(9, 9, 0),
    ),
    Field("@path", N_("File"), Kind.TEXT, N_("A WAV file to which the sound is written."), when=_kinds("file")),
    Field(
        "@driver",
        N_("Driver of SDL"),
        Kind.CHOICE,
        help=N_("Which sound system SDL uses."),
        choices=(Choice("pulseaudio", "PulseAudio"), Choice("alsa", "ALSA"), Choice("esd", "ESD"), Choice("arts", "aRts")),
        when=_kinds("sdl"),
    ),
    yes_no("@tryMMap", N_("Try mapped memory"), N_("Copies less, where the device can."), when=_kinds("oss")),
    yes_no("@exclusive", N_("Alone at the device"), N_("No other program can use the device meanwhile."), when=_kinds("oss")),
    Field(
        "@dspPolicy",
        N_("Timing policy of the device"),
        Kind.INTEGER,
        help=N_("From 0, the shortest delay, to 10; -1 asks for none."),
        minimum=-1,
        maximum=10,
        when=_kinds("oss"),
    ),
    Field("@timerPeriod", N_("Timer"), Kind.INTEGER, N_("How often sound is moved."), unit="µs", minimum=1, folded=True),
)


def _summary(document: Document, element: Element) -> str:
    return word_of(_KIND, document, element)


def _title(_document: Document, element: Element) -> str:
    return _("Audio backend {number}").format(number=element.get("id") or "").rstrip()


AUDIO = DeviceType(
    "audio",
    N_("Audio backend"),
    "device-audio",
    Band.DEVICES,
    (
        Section(N_("Audio backend"), _FIELDS),
        _direction("output", N_("What the guest plays")),
        _direction("input", N_("What the guest records")),
    ),
    _summary,
    N_("Where the guest's sound goes at the host."),
    order=140,
    tag="audio",
    title=_title,
    keys=("@id",),
    variants=(
        Variant("audio-spice", N_("Audio backend: SPICE"), "<audio id='{audio}' type='spice'/>", N_("To the viewer.")),
        Variant("audio-pulseaudio", N_("Audio backend: PulseAudio"), "<audio id='{audio}' type='pulseaudio'/>"),
        Variant(
            "audio-pipewire", N_("Audio backend: PipeWire"), "<audio id='{audio}' type='pipewire'/>", N_("Since libvirt 9.9.")
        ),
        Variant("audio-alsa", N_("Audio backend: ALSA"), "<audio id='{audio}' type='alsa'/>"),
        Variant("audio-jack", N_("Audio backend: JACK"), "<audio id='{audio}' type='jack'/>"),
        Variant("audio-oss", N_("Audio backend: OSS"), "<audio id='{audio}' type='oss'/>"),
        Variant("audio-sdl", N_("Audio backend: SDL"), "<audio id='{audio}' type='sdl'/>"),
        Variant("audio-coreaudio", N_("Audio backend: Core Audio"), "<audio id='{audio}' type='coreaudio'/>"),
        Variant("audio-dbus", N_("Audio backend: D-Bus"), "<audio id='{audio}' type='dbus'/>"),
        Variant(
            "audio-file",
            N_("Audio backend: file"),
            "<audio id='{audio}' type='file' path='/var/tmp/sound.wav'/>",
            N_("The sound is written to a WAV file."),
        ),
        Variant("audio-none", N_("Audio backend: none"), "<audio id='{audio}' type='none'/>", N_("Keeps the guest silent.")),
    ),
)
