# Doxygen's input filter for the public headers, with tools/header.awk: their plain comments become
# doxygen's, line for line.
#   The first comment tells of the header, which is a group; "/* ---- title ---- */" begins a group
#   within it. A comment above a block of declarations is of each of them, one that an empty line
#   follows is of the group.
#   What a comment names of the library becomes a link, and a warning where there is no such thing.
#   Macros that are the headers' own are left out.

# A comment's text as doxygen takes it.
function text_of(text, made, name) {
    gsub(/[\\@<>%]/, "\\\\&", text)
    gsub(/\*[a-z_]+/, "`&`", text)
    gsub(/`/, "``", text)
    made = ""
    while (match(text, /[A-Za-z0-9_]+/)) {
        name = substr(text, RSTART, RLENGTH)
        made = made substr(text, 1, RSTART - 1)
        if (name ~ /^(ignis_[a-z0-9_]*[a-z0-9]|IGNIS_[A-Z0-9_]*[A-Z0-9])$/ &&
            made !~ /[\/.]$/ && substr(text, RSTART + RLENGTH) !~ /^(\.h|\([^)])/) made = made "#"
        made = made name
        text = substr(text, RSTART + RLENGTH)
    }
    return made text
}

function group_name() {
    return section != "" ? section : noun
}

function section_end() {
    if (section != "") printf "/** @} */ "
    section = ""
}

# The lines of the last comment, with what stands between the opening mark and its text.
function comment_print(opening, closing, i, line) {
    for (i = 1; i <= lines_count; i++) {
        line = lines[i]
        if (i == 1) line = opening " " line
        if (i == lines_count) line = line " " closing "*/"
        print line
    }
    lines_count = 0
}

function section_print(title) {
    title = lines[1]
    sub(/^---- /, "", title)
    sub(/ ----$/, "", title)
    section_end()
    section = noun "_" title
    gsub(/[^A-Za-z0-9]+/, "_", section)
    gsub(/,/, "\\,", title)
    lines[1] = ""
    comment_print("/** @part{" section "," toupper(substr(title, 1, 1)) substr(title, 2) "}", "@{ ")
}

# Prints the comment that has ended as what the line after it makes of it.
function comment_place(next_line, i) {
    if (!headed) {
        headed = 1
        comment_print("/** @noun{" noun "," toupper(substr(noun, 1, 1)) substr(noun, 2) "}", "@{ ")
    } else if (lines[1] ~ /^----/) {
        if (lines[1] ~ /within this file/) {
            while (lines_count) { lines_count--; print "" }
        } else {
            section_print()
        }
    } else if (next_line ~ /^[ \t]*$/) {
        comment_print("/** @} */ /** @also{" group_name() "}", "@{ ")
    } else {
        said = ""
        for (i = 1; i <= lines_count; i++) said = said " " lines[i]
        said_at = FNR
        if (is_private(next_line)) said = ""
        comment_print("/**", "")
    }
}

BEGIN {
    usual["struct_size"] = "The size of this struct, by which it may grow: sizeof, set by who fills it."
    usual["items"] = "The first item; who made the list owns them."
    usual["count"] = "How many items, or IGNIS_ENDED."
    usual["item_size"] = "The size of an item: sizeof."
}

FNR == 1 {
    noun = FILENAME
    sub(/.*\//, "", noun)
    sub(/\.h$/, "", noun)
}

# A comment of its own lines.
!in_comment && /^\/\*/ { in_comment = 1; lines_count = 0; sub(/^\/\* */, "   ") }
in_comment {
    line = $0
    in_comment = !sub(/ *\*\/$/, "", line)
    sub(/^   /, "", line)
    lines[++lines_count] = text_of(line)
    next
}
lines_count { comment_place($0) }

/^[ \t]*$/ { said = "" }
was_private || is_private($0) {
    was_private = /\\$/
    print ""
    next
}

# Doxygen says nothing of enumerators.
/^    IGNIS_[A-Z0-9_]+( = [^,]*)?,?$/ && !/\/\*/ {
    print FILENAME ":" FNR ": an enumerator without a comment" >"/dev/stderr"
}

# A declaration that shares the comment of its block.
said != "" && FNR != said_at && /^(IGNIS_|typedef |static |enum |#define )/ {
    printf "/** %s */ ", said
}

# Comments of members, above them or behind them; members that are the same everywhere need none.
{
    if (!of_member && $0 ~ /^    [a-z].*;$/) {
        name = $0
        gsub(/.*[ *]|;/, "", name)
        if (name in usual) $0 = $0 " /* " usual[name] " */"
    }
    at = index($0, "/*")
    if (of_member || at) {
        head = of_member ? "" : substr($0, 1, at - 1)
        tail = of_member ? $0 : substr($0, at + 2)
        mark = of_member ? "" : (head ~ /^ *$/ ? "/**" : "/**<")
        of_member = index(tail, "*/") == 0
        print head mark text_of(tail)
    } else {
        print
    }
}

END {
    section_end()
    print "/** @} */"
}
