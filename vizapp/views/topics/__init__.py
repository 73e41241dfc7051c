"""What a page and its session talk about: one topic a file, all over the one line of `vizapp.views.link`."""
