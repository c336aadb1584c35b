"""A kernel unpacks the answers that were added to its ramdisk."""

from __future__ import annotations

import base64
import shutil

from app.install.unattended import delivery
from app.install.unattended.offer import Method
from app.install.unattended.script import Script
from app.install.unattended.secret_text import Secret
from app.virt import guest_agent
from app.virt.session import Session
from tests.lab import guests
from tests.lab.test_install_seed import agent_answers, on
from tests.lab.world import SessionWorld

SECRET = Secret("user-password", "geheim")


def test_the_guest_has_the_answers_at_its_root(session_world: SessionWorld) -> None:
    guest = guests.define_agent(session_world)
    initrd = session_world.images / "agent.img"
    script = Script(Method.INITRD, "", {"preseed.cfg": f"d-i passwd/user-password password {SECRET.mark}\n"}, (SECRET,))
    made = delivery.make_now(script, session_world.images, initrd=initrd)
    shutil.move(made.path, initrd)
    session_world.give(initrd)
    uuid = guest.uuid
    guest.start()

    async def work(session: Session) -> None:
        await agent_answers(session, uuid)
        handle = await guest_agent.command(session, uuid, "guest-file-open", path="/preseed.cfg", mode="r")
        answer = await guest_agent.command(session, uuid, "guest-file-read", handle=handle, count=1000)
        text = base64.b64decode(answer["buf-b64"]).decode()
        assert text.startswith("d-i passwd/user-password-crypted password $6$") and "geheim" not in text

    on(session_world, work)
