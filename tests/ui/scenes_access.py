"""The gallery's pictures of what a screen asks before it is shown, and of what it shares."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtWidgets import QMenu

from app.console.trust.certificate import Certificate
from app.console.trust.guard import Vouched
from app.console.trust.question import Doubt, Peer, TrustQuestion
from app.console.vnc import problems
from app.i18n import _
from tests.ui.gallery import Studio, scene
from tests.ui.scenes_console import UP, _page
from ui.console.lock_lights import LockLights
from ui.console.protection import WORDS, Protection
from ui.console.situation import Facts, Wants, situation
from ui.icons import icon

AB = ":".join(["4F", "A1", "07", "9C"] * 8)
BEFORE = ":".join(["11", "22", "33", "44"] * 8)
CERTIFICATE = Certificate(
    "CN=kvm1.example.org,O=A company with a long name and several departments", "CN=Company CA", AB,
    datetime(2026, 1, 2, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC), ("kvm1.example.org", "kvm1", "192.0.2.17"),
)  # fmt: skip


@scene
async def console_access(studio: Studio) -> None:
    console = _page(studio).console
    assert console is not None
    for doubt in Doubt:
        shown = None if doubt in (Doubt.ANONYMOUS, Doubt.DOWNGRADED) else CERTIFICATE
        question = TrustQuestion(Peer("kvm1.example.org", 5900), doubt, shown, BEFORE if doubt.loud else "")
        console.cover.say(situation(Facts(record=UP, question=question)))
        await studio.shoot(f"trust-{doubt.name.lower()}", console)
    console.cover.say(situation(Facts(record=UP, asks=True, wants=Wants(name=True))))
    await studio.shoot("login-name", console)
    console.cover.say(situation(Facts(record=UP, asks=True, wants=Wants(limit=8))))
    console.cover.form.password.setText("a long password")
    await studio.shoot("login-cut", console)
    console.cover.say(situation(Facts(record=UP, problem=problems.wrong_password("", cut=True))))
    await studio.shoot("login-wrong", console)
    console.cover.say(situation(Facts(record=UP, problem=problems.certificate_wanted(""))))
    await studio.shoot("certificate-wanted", console)


@scene
async def console_sharing(studio: Studio) -> None:
    console = _page(studio).console
    assert console is not None
    menu = console.bar.findChild(QMenu, "share-menu")
    assert menu is not None
    menu.adjustSize()
    await studio.shoot("menu-sharing", menu)
    protection = next(feature for feature in console.features if isinstance(feature, Protection))
    lights = next(feature for feature in console.features if isinstance(feature, LockLights))
    console.bar.set_live(True)
    for width in (1400, 700):
        for vouched in (Vouched.NOBODY, Vouched.ANONYMOUS, Vouched.AUTHORITY):
            words = WORDS[vouched]
            (bar, button), (_bar, label) = protection._buttons[0], lights._labels[0]
            button.setIcon(icon(words.icon))
            button.setText(_(words.text))
            button.show()
            label.setText("Caps Lock, Num Lock")
            label.show()
            console.bar.resize(width, console.bar.height())
            bar.keep_words(button)
            bar.keep_words(label)
            await studio.shoot(f"bar-{width}-{vouched.name.lower()}", console.bar)
