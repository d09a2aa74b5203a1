"""Sets texts in any script: typefaces, directions, line breaks, and the pages they are on."""
