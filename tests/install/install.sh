#!/usr/bin/env bash
# Builds and installs the library as the README says, with plain cmake, moves the result elsewhere,
# and builds and runs a consumer against it: pkg-config and find_package, shared and static, C and
# C++. Usage: install.sh CMAKE; CC names the C compiler.
set -euo pipefail

cmake=$1
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source_folder=$(cd "$tests/../.." && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cc=${CC:-cc}
case $cc in
*clang*) cxx=clang++ ;;
*) cxx=g++ ;;
esac
export CC=$cc CXX=$cxx
unset CFLAGS CXXFLAGS LDFLAGS CMAKE_PREFIX_PATH

step() {
    echo "-- $*"
}

quietly() {
    "$@" >"$folder/log" 2>&1 || {
        cat "$folder/log"
        exit 1
    }
}

step "the commands of the README, in a checkout"
mkdir "$folder/checkout"
(cd "$source_folder" && cp -R CMakeLists.txt cmake include src examples docs tools "$folder/checkout")
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$source_folder/README.md" \
    >"$folder/commands.sh"
(
    cd "$folder/checkout"
    PATH=$(dirname "$cmake"):$PATH CFLAGS=-Werror CMAKE_BUILD_PARALLEL_LEVEL=2 \
        sh -eu "$folder/commands.sh" >"$folder/log" 2>&1 || {
        cat "$folder/log"
        exit 1
    }
)
tail -n 1 "$folder/log" | diff "$source_folder/examples/quickstart.txt" -
mv "$folder/checkout/build/ignis" "$folder/prefix"
rm -rf "$folder/checkout"
lib=$(dirname "$(find "$folder/prefix" -name libignis.so)")

step "only ignis_ names are exported"
nm -D --defined-only "$lib/libignis.so" >"$folder/names"
nm -g --defined-only "$lib/libignis.a" >>"$folder/names"
awk 'NF == 3 { print $3 }' "$folder/names" | sort | uniq -c >"$folder/exported"
grep -q ' 2 ignis_version$' "$folder/exported"
if grep -v ' 2 ignis_' "$folder/exported"; then exit 1; fi
readelf -d "$lib/libignis.so" | grep -q 'SONAME.*\[libignis\.so\.0\]'

step "every public header is installed and stands alone in C and C++"
diff -r "$source_folder/include" "$folder/prefix/include"
flags=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I$folder/prefix/include")
for header in "$folder"/prefix/include/ignis.h "$folder"/prefix/include/ignis/*.h; do
    printf '#include "%s"\nint main(void) { return 0; }\n' "$header" >"$folder/header.c"
    "$cc" -std=c17 "${flags[@]}" "$folder/header.c"
    "$cxx" -std=c++17 "${flags[@]}" -x c++ "$folder/header.c"
done

step "manual pages: ignis(7), and one for each header"
man=$folder/prefix/share/man
for header in "$folder"/prefix/include/ignis.h "$folder"/prefix/include/ignis/*.h; do
    page=${header#"$folder/prefix/include/"}
    page=${page//\//_}
    page=$man/man3/${page%.h}.3
    missing=$(grep -Eo '^(IGNIS_API|static inline).*' "$header" | grep -Eo 'ignis_[a-z0-9_]+\(' |
        tr -d '(' | while read -r name; do grep -q "^.Nm $name\b" "$page" || echo "$name"; done || true)
    [[ -z $missing ]] || { echo "$page lacks $missing" && exit 1; }
done
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$man"/man*/*
else
    echo "mandoc is not installed: the form of the pages is not checked"
fi
sed -n '/^#include/,/^\.Ed/p' "$man/man7/ignis.7" | sed -e '/^\.Ed/d' -e 's/\\e/\\/g' >"$folder/page.c"
sed -n 's/^\.Dl \(\[.*\)/\1/p' "$man/man7/ignis.7" | sed 's/\\(dq/"/g' >"$folder/page.txt"

step "pkg-config asks for no package that the headers do not need"
[[ $(PKG_CONFIG_LIBDIR=$lib/pkgconfig pkg-config --cflags ignis) != *-D* ]]

export PKG_CONFIG_PATH=$lib/pkgconfig
run() {
    LD_LIBRARY_PATH=$lib "$1" || {
        echo "$1 answers $?"
        exit 1
    }
}

read -r -a cflags < <(pkg-config --cflags ignis)
read -r -a shared < <(pkg-config --libs ignis)
read -r -a static < <(pkg-config --static --libs ignis)
static=("${static[@]/#-lignis/-l:libignis.a}")
warnings=(-Wall -Wextra -Wpedantic -Werror)
for kind in shared static; do
    step "pkg-config, $kind"
    if [[ $kind == shared ]]; then libraries=("${shared[@]}"); else libraries=("${static[@]}"); fi
    "$cc" -std=c17 "${warnings[@]}" "${cflags[@]}" "$tests/consumer.c" -o "$folder/c" \
        "${libraries[@]}"
    "$cxx" -std=c++17 "${warnings[@]}" "${cflags[@]}" -x c++ "$tests/consumer.c" -x none \
        -o "$folder/cpp" "${libraries[@]}"
    run "$folder/c"
    run "$folder/cpp"
    needed=$(readelf -d "$folder/c" | grep -c 'NEEDED.*libignis' || true)
    if [[ $kind == shared ]]; then [[ $needed == 1 ]]; else [[ $needed == 0 ]]; fi
done

step "the program of ignis(7)"
"$cc" -std=c17 "${warnings[@]}" "${cflags[@]}" "$folder/page.c" -o "$folder/page" "${shared[@]}"
run "$folder/page" >"$folder/page.out"
diff -u "$folder/page.txt" "$folder/page.out"

for kind in shared static; do
    step "find_package, $kind"
    quietly "$cmake" -G Ninja -S "$tests" -B "$folder/$kind" "-DCMAKE_PREFIX_PATH=$folder/prefix" \
        "-DCOMPONENT=$kind"
    quietly "$cmake" --build "$folder/$kind" -j 2
    run "$folder/$kind/consumer_c"
    run "$folder/$kind/consumer_cpp"
done
echo "installed, found and used"
