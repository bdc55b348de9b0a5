# Doxygen's input filter for the pages: code spans on one line, and what is no page is no link.
# Spans with two marks, since a quotation mark ends those of one; as HTML where :: or \ is in them.
function spans_of(line, made, span) {
    made = ""
    while (match(line, /`+[^`]+`+/)) {
        span = substr(line, RSTART, RLENGTH)
        gsub(/`/, "", span)
        if (span ~ /::|\\/) {
            gsub(/[\\@<>%"#]|::/, "\\\\&", span)
            span = "<code>" span "</code>"
        } else {
            span = "``" span "``"
        }
        made = made substr(line, 1, RSTART - 1) span
        line = substr(line, RSTART + RLENGTH)
    }
    return made line
}

/^```/ { fenced = !fenced }
fenced || /^```/ { print; next }
{
    line = held $0
    if (gsub(/`/, "`", line) % 2 && line !~ /^[ \t]*$/) {
        held = line " "
        next
    }
    held = ""
    while (match(line, /\]\((\.\.\/)*(tests|examples|include|src|tools|bench|LICENSE)[^)]*\)/)) {
        head = substr(line, 1, RSTART - 1)
        tail = substr(line, RSTART + RLENGTH)
        sub(/\[[^\[]*$/, "", head)
        text = substr(line, length(head) + 2, RSTART - length(head) - 2)
        line = head text tail
    }
    print spans_of(line)
}
