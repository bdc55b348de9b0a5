# The manual pages: ignis(7), and a page of section 3 for each public header, made from its comments.

set(man_date "November 22, 2026")
set(man_include "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
set(man_folder "${PROJECT_BINARY_DIR}/man")
set(man_scripts "${PROJECT_SOURCE_DIR}/tools/header.awk" "${PROJECT_SOURCE_DIR}/tools/man.awk")
find_program(IGNIS_AWK NAMES awk mawk gawk)
mark_as_advanced(IGNIS_AWK)

set(man_pages "")
set(man_headers "")
foreach(header IN LISTS ignis_headers)
    get_filename_component(noun "${header}" NAME_WE)
    string(APPEND man_headers ".Xr ignis_${noun} 3 ,\n")
endforeach()
string(REGEX REPLACE " ,\n$" "" man_headers "${man_headers}")
configure_file("${PROJECT_SOURCE_DIR}/docs/man/ignis.7" "${man_folder}/ignis.7" @ONLY)
install(FILES "${man_folder}/ignis.7" DESTINATION "${CMAKE_INSTALL_MANDIR}/man7")

if(NOT IGNIS_AWK)
    message(STATUS "awk: not found, so no manual pages of the headers")
    return()
endif()
foreach(header IN LISTS ignis_headers ITEMS "${PROJECT_SOURCE_DIR}/include/ignis.h")
    file(RELATIVE_PATH page "${PROJECT_SOURCE_DIR}/include" "${header}")
    string(REGEX REPLACE "\\.h$" ".3" page "${page}")
    string(REPLACE "/" "_" page "${page}")
    add_custom_command(OUTPUT "${man_folder}/${page}"
        COMMAND "${IGNIS_AWK}" -v "date=${man_date}" -f tools/header.awk -f tools/man.awk
            "${header}" > "${man_folder}/${page}"
        DEPENDS "${header}" ${man_scripts}
        WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" VERBATIM)
    list(APPEND man_pages "${man_folder}/${page}")
endforeach()
add_custom_target(man ALL DEPENDS ${man_pages})
install(FILES ${man_pages} DESTINATION "${CMAKE_INSTALL_MANDIR}/man3")
