# The target `lint` checks the form of every C file with clang-format and its content with clang-tidy. It needs
# compile_commands.json of a build without GW_FUZZ, and is no part of `all`.
find_program(CLANG_FORMAT NAMES clang-format-14 clang-format)
find_program(CLANG_TIDY NAMES clang-tidy-14 clang-tidy)
if(CLANG_FORMAT AND CLANG_TIDY)
    set(rooms base schemas ingest process publish transport run cli tests)
    list(TRANSFORM rooms PREPEND "${PROJECT_SOURCE_DIR}/")
    list(TRANSFORM rooms APPEND "/*.c" OUTPUT_VARIABLE source_globs)
    list(TRANSFORM rooms APPEND "/*.h" OUTPUT_VARIABLE header_globs)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${source_globs})
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${header_globs})
    add_custom_target(lint
        COMMAND "${CLANG_FORMAT}" --dry-run --Werror ${sources} ${headers}
        COMMAND "${CLANG_TIDY}" --quiet -p "${PROJECT_BINARY_DIR}" ${sources}
        WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" VERBATIM)
endif()
