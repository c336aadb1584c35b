"""Hand-written widgets for sections with a shape of their own; ``ui.details.editors.registry`` knows them all."""
