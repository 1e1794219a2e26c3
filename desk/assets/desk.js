// Small comforts over pages that work without them.
