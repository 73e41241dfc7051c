"""Ways from one input to another, one a file; `vizapp.inputs.morphs` chooses among them."""
