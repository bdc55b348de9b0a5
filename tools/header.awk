# What the readers of the public headers share.

# Macros that are the headers' own: IGNIS_X_, and the numbered ones.
function is_private(line) {
    return line ~ /^#define IGNIS_([A-Z0-9_]*_|[A-Z]+_[0-9]+)($|[( ])/
}
