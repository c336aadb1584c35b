"""Pictures of the settings: every page, dialog and state."""

from __future__ import annotations

from tests.ui.details_world import open_details
from tests.ui.gallery import Studio, scene


@scene
async def details_pages(studio: Studio) -> None:
    """Each page of a machine that is off."""
    view = await open_details(studio.world, "desktop")
    for number, entry in enumerate(view.list.entries.entries()):
        view.list.choose(entry.key)
        await studio.shoot(f"details-{number:02d}-{entry.description.id}")
