"""Starting points for the cloud-init form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.i18n import N_
from app.install.seed.form import Form


@dataclass(frozen=True, slots=True)
class Preset:
    """What it adds to a form; ``name`` and ``tip`` are to be translated where they are shown."""

    id: str
    name: str
    tip: str
    packages: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    upgrade: bool = False

    def applied(self, form: Form) -> Form:
        """The form with what this adds; names, keys, network and what the user typed stay."""
        users = tuple(replace(user, groups=_joined(user.groups, self.groups)) for user in form.users)
        return replace(
            form,
            users=users,
            packages=_joined(form.packages, self.packages),
            commands=_joined(form.commands, self.commands),
            upgrade=form.upgrade or self.upgrade,
        )

    def removed(self, form: Form) -> Form:
        """The form without what this adds, when another is chosen instead."""
        users = tuple(replace(user, groups=_without(user.groups, self.groups)) for user in form.users)
        return replace(
            form,
            users=users,
            packages=_without(form.packages, self.packages),
            commands=_without(form.commands, self.commands),
            upgrade=form.upgrade and not self.upgrade,
        )


PRESETS: tuple[Preset, ...] = (
    Preset("plain", N_("As the image is"), N_("Only what you fill in.")),
    Preset(
        "server",
        N_("Small server"),
        N_("Installs updates at the first start, and tools to administer it from afar."),
        packages=("curl", "vim", "rsync", "tmux"),
        upgrade=True,
    ),
    Preset(
        "containers",
        N_("Container host (Podman)"),
        N_("Installs Podman, which runs Docker's images without a service and is in every large distribution."),
        packages=("podman",),
        upgrade=True,
    ),
    Preset(
        "docker",
        N_("Docker host (Debian, Ubuntu)"),
        N_("Installs Docker from the distribution; your user may use it, which is as good as being root."),
        packages=("docker.io",),
        commands=("systemctl enable --now docker",),
        groups=("docker",),  # cloud-init makes groups that are not there yet
        upgrade=True,
    ),
    Preset(
        "web",
        N_("Web server (nginx)"),
        N_("Installs nginx and starts it."),
        packages=("nginx",),
        commands=("systemctl enable --now nginx",),
        upgrade=True,
    ),
)


def preset(id_: str) -> Preset:
    """The preset of that id, else the plain one."""
    return next((entry for entry in PRESETS if entry.id == id_), PRESETS[0])


def _joined(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*old, *new]))


def _without(old: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(entry for entry in old if entry not in gone)
