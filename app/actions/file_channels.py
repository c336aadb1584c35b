"""How files get into a guest: the ways there are, the first that works, and the words for it before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.errors import HostelryError
from app.i18n import _, ngettext
from app.install import drives, file_disc
from app.install.drives import Drive
from app.install.file_survey import MOST_FILES, Load
from app.install.sizes import format_size
from app.virt import agent_files, domains, guest_agent
from app.virt.guest_agent import Agent
from app.virt.session import Session
from app.xmldoc import Document

AGENT_NAME = "org.qemu.guest_agent.0"


class Channel(Enum):
    """Best first, but for IMAGE, which is for one disc image alone."""

    IMAGE = "image"
    SPICE = "spice"
    AGENT = "agent"
    DISC = "disc"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ways:
    """What the machine offers now.

    problem: what stands in every way, such as a host that is away.  active: it runs.  spice: the guest's SPICE agent takes
    files.  agent: QEMU's agent that answered, with ``agent_problem`` saying why not.
    drives: its CD drives; can_add: it can be given one.
    """

    problem: str = ""
    active: bool = True
    spice: bool = False
    agent: Agent | None = None
    agent_problem: str = ""
    drives: tuple[Drive, ...] = ()
    can_add: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """title: what will happen, or that nothing can.  detail: a second sentence.  drives: to choose one of, when several."""

    channel: Channel
    title: str
    detail: str = ""
    drives: tuple[Drive, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether there is a way at all."""
        return self.channel is not Channel.NONE


def choose(load: Load, ways: Ways) -> Verdict:
    """The first way that works for all of these files together."""
    problem = _problem(load, ways)
    if problem is not None:
        return problem
    if load.image:
        return _image(ways) or _no_drive()
    if ways.spice and ways.active and not load.folders:
        return Verdict(Channel.SPICE, _into_guest(load), _("The SPICE agent in the guest puts them where it keeps downloads."))
    if agent_takes(load, ways):
        folder = agent_files.WINDOWS_FOLDER if ways.agent is not None and ways.agent.windows else agent_files.FOLDER
        return Verdict(
            Channel.AGENT, _into_guest(load), _("QEMU's agent in the guest writes to the folder {folder}.").format(folder=folder)
        )
    return _disc(load, ways)


def agent_takes(load: Load, ways: Ways) -> bool:
    """Whether QEMU's agent is a way for these files: few and small, as it takes them as text."""
    agent = ways.agent
    return ways.active and agent is not None and agent.takes_files and not load.folders and load.size <= agent_files.LARGEST


def _problem(load: Load, ways: Ways) -> Verdict | None:
    """What stands in every way."""
    if not load.paths:
        return _nothing(_("Only files of this computer can be dropped here."))
    if ways.problem:
        return _nothing(ways.problem)
    if load.too_many:
        return _nothing(_("There are more than {count} files.").format(count=MOST_FILES))
    if not load.entries:
        return _nothing(_("“{name}” cannot be read.").format(name=load.name))
    return None


def _nothing(why: str) -> Verdict:
    return Verdict(Channel.NONE, _("Cannot be sent to the guest"), why)


def _no_drive() -> Verdict:
    return _nothing(_("The machine has no CD drive, and none can be added while it runs."))


def _image(ways: Ways) -> Verdict | None:
    if not ways.drives:
        if not ways.can_add:
            return None
        return Verdict(Channel.IMAGE, _("Insert into a new CD drive"), _("The machine has none yet; it is added."))
    if len(ways.drives) == 1:
        drive = ways.drives[0]
        return Verdict(Channel.IMAGE, insert_words(drive), holds_words(drive) or _later(ways), ways.drives)
    return Verdict(Channel.IMAGE, _("Insert into a CD drive"), _("Drop it on the drive that you mean."), ways.drives)


def insert_words(drive: Drive) -> str:
    """What a drop on this drive does."""
    return _("Insert into the CD drive {name}").format(name=drive_name(drive))


def drive_name(drive: Drive) -> str:
    """As the machine's definition calls it, with its bus."""
    return f"{drive.target} ({drive.bus.upper()})" if drive.bus else drive.target


def holds_words(drive: Drive) -> str:
    """What a medium would replace; empty for an empty drive."""
    return "" if drive.empty else _("It replaces “{medium}”.").format(medium=Path(drive.medium).name)


def _later(ways: Ways) -> str:
    return "" if ways.active else _("The guest finds it at its next start.")


def _disc(load: Load, ways: Ways) -> Verdict:
    if load.size > file_disc.LARGEST:
        why = _("They are {size} large, and a disc made of them holds {most}.")
        return _nothing(why.format(size=format_size(load.size), most=format_size(file_disc.LARGEST)))
    if not ways.drives and not ways.can_add:
        return _no_drive()
    title = ngettext("Put on a disc and insert it", "Put all on a disc and insert it", len(load.paths))
    return Verdict(Channel.DISC, title, " ".join(part for part in (_why_disc(load, ways), _later(ways)) if part), ways.drives)


def _why_disc(load: Load, ways: Ways) -> str:
    """Why no better way is taken."""
    if not ways.active:
        return ""
    agent = ways.agent
    if load.folders and (ways.spice or (agent is not None and agent.takes_files)):
        return _("The agent in the guest takes single files, but no folders.")
    if agent is not None and not agent.takes_files:
        return _("The agent in the guest has been told to take no files.")
    if agent is not None:
        return _("They are too large for the agent in the guest, which takes {most}.").format(
            most=format_size(agent_files.LARGEST)
        )
    return ways.agent_problem or _("No agent answers in the guest.")


def _into_guest(load: Load) -> str:
    if len(load.files) == 1:
        return _("Send “{name}” into the guest").format(name=load.name)
    count = len(load.files)
    return ngettext("Send {count} file into the guest", "Send {count} files into the guest", count).format(count=count)


async def gather(session: Session, uuid: str, *, active: bool, spice: bool = False) -> Ways:
    """Asks the host, and the guest's agent where one is connected; raises ``HostelryError`` if the machine cannot be read."""
    doc = Document.parse(await domains.xml(session, uuid, inactive=not active))
    listed = tuple(drives.listed(doc))
    can_add = drives.new_drive_xml(doc, "/x", running=active) is not None
    agent, problem = None, ""
    if active:
        agent, problem = await _agent(session, uuid, doc)
    return Ways("", active, spice, agent, problem, listed, can_add)


async def _agent(session: Session, uuid: str, doc: Document) -> tuple[Agent | None, str]:
    """libvirt knows whether something in the guest holds the channel open; an agent that hangs is found by asking it."""
    state = doc.get(f"devices/channel/target[@name='{AGENT_NAME}']/@state")
    if state != "connected":
        return None, _("No agent runs in the guest.")
    try:
        return await guest_agent.ask(session, uuid), ""
    except HostelryError:
        return None, _("The agent in the guest does not answer.")
