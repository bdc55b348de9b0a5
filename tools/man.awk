# Makes a manual page in mdoc of a public header, with tools/header.awk.
# Declarations stand as they are in the header, each block before the comment that tells of it.
# The date is given by -v date="January 1, 2026".

function escaped(text) {
    gsub(/\\/, "\\e", text)
    if (text ~ /^[.']/) text = "\\&" text
    return text
}

# A sentence begins a line.
function sentences_write(text, head) {
    while (match(text, /[.:!?][")]* +/)) {
        head = substr(text, 1, RSTART + RLENGTH - 1)
        sub(/ +$/, "", head)
        body = body escaped(head) "\n"
        text = substr(text, RSTART + RLENGTH)
    }
    body = body escaped(text) "\n"
}

# A comment's lines: paragraphs, and what is indented as it stands.
function comment_write(first, i, line, in_display, in_text) {
    for (i = first; i <= comment_size; i++) {
        line = comment[i]
        if ((line ~ /^    /) != in_display && line != "") {
            in_display = !in_display
            body = body (in_display ? ".Bd -literal -offset indent\n" : ".Ed\n.Pp\n")
        } else if (line != "" && !in_text && !in_display && body !~ /\.Ss [^\n]*\n$/) {
            body = body ".Pp\n"
        }
        in_text = line != ""
        if (in_display) body = body escaped(line) "\n"
        else if (in_text) sentences_write(line)
    }
    if (in_display) body = body ".Ed\n"
    comment_size = 0
}

# The first sentence, for NAME; the comment goes on after it.
function headline(i, text, all) {
    for (i = 1; i <= comment_size && comment[i] != ""; i++) all = all " " comment[i]
    sub(/^ /, "", all)
    text = all
    sub(/\. .*/, "", text)
    sub(/\.$/, "", text)
    return tolower(substr(text, 1, 1)) substr(text, 2)
}

function block_write(i) {
    if (declared_size) {
        body = body ".Bd -literal\n"
        for (i = 1; i <= declared_size; i++) body = body escaped(declared[i]) "\n"
        body = body ".Ed\n"
    }
    if (comment_size && comment[1] ~ /^---- /) {
        sub(/^---- /, "", comment[1])
        sub(/ ----$/, "", comment[1])
        hidden = comment[1] == "within this file"
        if (!hidden) body = body ".Ss " toupper(substr(comment[1], 1, 1)) substr(comment[1], 2) "\n"
        comment_write(2)
    } else if (!is_own) {
        comment_write(1)
    }
    declared_size = comment_size = is_own = 0
}

function declare(line, name) {
    sub(/^IGNIS_API (IGNIS_CHECKED )?/, "", line)
    if (line ~ /^[a-z].*[ *]ignis_[a-z0-9_]+\(/ && line !~ /^typedef/) {
        name = line
        sub(/\(.*/, "", name)
        sub(/.*[ *]/, "", name)
        if (!(name in named)) names[++names_count] = name
        named[name] = 1
    }
    declared[++declared_size] = line
}

FNR == 1 {
    path = FILENAME
    sub(/.*include\//, "", path)
    page = path
    gsub(/\//, "_", page)
    sub(/\.h$/, "", page)
}

# Comments of their own.
!in_comment && !depth && /^\/\*/ {
    block_write()
    in_comment = 1
    sub(/^\/\* */, "   ")
}
in_comment {
    in_comment = !sub(/ *\*\/$/, "")
    sub(/^   /, "")
    comment[++comment_size] = $0
    if (in_comment || title != "") next
    title = headline()
    comment_write(1)
    next
}

/^$/ && !depth { block_write(); next }

# What only a compiler reads.
in_macro || in_body || is_private($0) || /^#(if|endif|else|include|undef)/ || /^extern "C"/ || hidden {
    if (is_private($0) && !declared_size) is_own = 1
    in_macro = (in_macro || /^#define/) && /\\$/
    if (/^}/) in_body = 0
    next
}
/^}$/ && !depth { next }
/^#define IGNIS_([A-Z]+_)?H$/ { next }
/^{$/ { in_body = 1; next }

/^#define / {
    in_macro = /\\$/
    is_own = 0
    if ($2 ~ /\(/) {
        sub(/^#define /, "")
        sub(/\).*/, ")")
    }
    sub(/ *\\$/, "")
    if (/^#define [A-Z_0-9]+ +.*\(/) $0 = $2
    declare($0)
    next
}
/^IGNIS_(VALUE|MAYBE)_(MAYBE_)?\(/ {
    split($0, part, /[(,)] */)
    if (/^IGNIS_MAYBE/) {
        declare("typedef struct " part[2] " {")
        declare("    bool is_set;")
        declare("    " part[3] " value;")
        declare("} " part[2] ";")
    } else {
        declare("ignis_value " part[2] "(" part[3] " value);")
    }
    in_call = !/[);]$/
    next
}
in_call { in_call = !/[);]$/; next }
/^static inline / {
    sub(/^static inline /, "")
    declare($0 ";")
    next
}
{
    depth += gsub(/{/, "{") - gsub(/}/, "}")
    declare($0)
}

END {
    block_write()
    print ".\\\" Made of " path " by tools/man.awk."
    print ".Dd " date "\n.Dt " toupper(page) " 3\n.Os\n.Sh NAME"
    print ".Nm " page (names_count ? " ," : "")
    for (i = 1; i <= names_count; i++) print ".Nm " names[i] (i < names_count ? " ," : "")
    print ".Nd " escaped(title) "\n.Sh SYNOPSIS\n.In " path "\n.Sh DESCRIPTION"
    sub(/^\.Pp\n/, "", body)
    printf "%s", body
    print ".Sh SEE ALSO\n.Xr ignis 7"
}
