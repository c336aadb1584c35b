"""One widget for each kind of value; ``ui.details.fields.making`` knows them all."""
