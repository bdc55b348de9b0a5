# Reads C files and prints "file:line: what" for each breach of a rule that a line or a file shows.

BEGIN {
    # The table of folders: what each may use besides itself and the public headers.
    may_use["base"] = " "
    may_use["model"] = " base "
    may_use["filter"] = " base model "
    may_use["plan"] = " base model filter "
    may_use["sql"] = " base model plan "
    may_use["row"] = " base model plan "
    may_use["driver"] = " base "
    may_use["run"] = " base model filter plan sql row driver "
    may_use["app"] = " base model filter plan sql row driver run "
    may_use["cli"] = " "

    before = "(^|[^A-Za-z0-9_.>])"
    banned = before "(v?sprintf|strcpy|stpcpy|strcat|strtok|strtok_r|ato[fil]|atoll|gets|alloca|v?f?sscanf)[ \t]*[(]"
    allocating = before "(malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc|posix_memalign|v?asprintf)[ \t]*[(]"
    sql_text = "(SELECT |INSERT |UPDATE |DELETE |CREATE TABLE|ORDER BY)"
    # What the files of one engine share.
    engine_header = "^src/driver/(sqlite|postgres)[.]h$"
    lines_max = 650
}

function complain(what) {
    print FILENAME ":" FNR ": " what
}

# The name that a pattern found in the code, without the characters around it.
function found_name(name) {
    name = substr(code, RSTART, RLENGTH)
    gsub(/[^A-Za-z0-9_]/, "", name)
    return name
}

# Splits a line into code (comments and the inside of strings removed) and strings (that inside).
function line_split(line, c, size) {
    code = strings = ""
    while (line != "") {
        if (in_comment) {
            if (!match(line, /\*\//)) return
            in_comment = 0
            line = substr(line, RSTART + 2)
            continue
        }
        if (!match(line, /["'\/]/)) {
            code = code line
            return
        }
        c = substr(line, RSTART, 1)
        code = code substr(line, 1, RSTART - 1)
        line = substr(line, RSTART)
        if (c == "/") {
            if (substr(line, 2, 1) == "/") return
            in_comment = substr(line, 2, 1) == "*"
            if (!in_comment) code = code "/"
            line = substr(line, in_comment ? 3 : 2)
            continue
        }
        size = length(line)
        if (c == "\"" ? match(line, /^"([^"\\]|\\.)*"/) : match(line, /^'([^'\\]|\\.)*'/)) {
            size = RLENGTH
        }
        if (c == "\"") strings = strings "\n" substr(line, 2, size - 2)
        code = code c c
        line = substr(line, size + 1)
    }
}

function include_check(line, path, parts, count) {
    path = line
    sub(/^[^<"]*[<"]/, "", path)
    sub(/[>"].*$/, "", path)
    if (line ~ /</) {
        if (place == "tests" || place == "bench") return
        if (path == "sqlite3.h" && FILENAME !~ /^src\/driver\/sqlite[^\/]*\.c$/) {
            complain("sqlite3.h is for src/driver/sqlite*.c only")
        }
        if (path == "libpq-fe.h" && FILENAME !~ /^src\/driver\/postgres[^\/]*\.c$/) {
            complain("libpq-fe.h is for src/driver/postgres*.c only")
        }
        return
    }
    if (path == "ignis.h" || path ~ /^ignis\//) return
    if (place == "include") complain("a public header uses public headers only, not " path)
    if (place != "src") return
    if ("src/" path ~ engine_header) {
        sub(/\.h$/, "", path)
        if (index(FILENAME, "src/" path) != 1) complain(path ".h is for src/" path "*.c only")
        return
    }
    count = split(path, parts, "/")
    if (count != 2 || parts[2] != parts[1] ".h") {
        complain("\"" path "\" is no folder's header: write \"folder/folder.h\"")
    } else if (parts[1] != folder && index(may_use[folder], " " parts[1] " ") == 0) {
        complain(folder " may not use " parts[1])
    }
}

# A declaration needs a comment above it, or stands in one block with a declaration that has one.
function comment_check(line) {
    if (line ~ /^[ \t]*$/ || line ~ /^[#}]/ || line ~ /^typedef/) commented = 0
    if (was_comment || line ~ /^[ \t]*\/\*/) {
        if (code ~ /^[ \t]*$/) commented = 1
    } else if (line ~ /^IGNIS_API/ && !commented) {
        complain("a public declaration without a comment above it")
    }
}

FNR == 1 {
    in_comment = commented = 0
    count = split(FILENAME, path_parts, "/")
    place = path_parts[1]
    folder = place == "src" ? path_parts[2] : ""
    is_sql_place = FILENAME ~ /^src\/sql\// ||
        FILENAME ~ /^src\/driver\/(sqlite|postgres)[^\/]*\.c$/
    if (place == "src" && (count != 3 || !(folder in may_use))) {
        complain("not in a folder of the architecture")
    } else if (place == "src" && FILENAME ~ /\.h$/ && path_parts[3] != folder ".h" &&
               FILENAME !~ engine_header) {
        complain("a second header: a folder's header is " folder "/" folder ".h")
    }
}

FNR == lines_max + 1 { complain("longer than " lines_max " lines") }

{
    was_comment = in_comment
    line_split($0)
    if (!was_comment && $0 ~ /^[ \t]*#[ \t]*include[ \t]*[<"]/) include_check($0)
    if (place == "include") comment_check($0)
    if (match(code, banned)) complain(found_name() " is banned")
    if (place != "src") next
    if (FILENAME != "src/base/arena.c" && match(code, allocating)) {
        complain(found_name() " is for src/base/arena.c only")
    }
    if (!is_sql_place && match(strings, sql_text)) {
        complain("SQL text is for src/sql and the engines in src/driver only")
    }
}
