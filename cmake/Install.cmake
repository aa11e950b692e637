# What `cmake --install build` puts where: program, model, manuals, completion, systemd unit, examples. The program finds
# its model relative to itself, so that any prefix will do.
include(GNUInstallDirs)

install(TARGETS glosswire RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY models/ DESTINATION "${CMAKE_INSTALL_DATADIR}/glosswire/models")
install(DIRECTORY examples/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples" PATTERN "__pycache__" EXCLUDE)
install(FILES LICENSE NOTICE README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES packaging/glosswire.bash DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
        RENAME glosswire)

configure_file(packaging/glosswire.service.in glosswire.service @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/glosswire.service" DESTINATION lib/systemd/system)

# The manuals' sources are in the tree; scdoc (Debian: scdoc) makes pages of them where it is there.
find_program(SCDOC scdoc)
if(SCDOC)
    foreach(manual glosswire.1 glosswire.yaml.5)
        string(REGEX REPLACE ".*\\." "man" section "${manual}")
        add_custom_command(
            OUTPUT "${PROJECT_BINARY_DIR}/${manual}"
            COMMAND "${SCDOC}" < "${PROJECT_SOURCE_DIR}/docs/man/${manual}.scd" > "${PROJECT_BINARY_DIR}/${manual}"
            DEPENDS "${PROJECT_SOURCE_DIR}/docs/man/${manual}.scd"
            VERBATIM)
        list(APPEND manuals "${PROJECT_BINARY_DIR}/${manual}")
        install(FILES "${PROJECT_BINARY_DIR}/${manual}" DESTINATION "${CMAKE_INSTALL_MANDIR}/${section}")
    endforeach()
    add_custom_target(manuals ALL DEPENDS ${manuals})
endif()
