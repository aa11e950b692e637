# Compiler flags of every target, carried by the interface target gw_options.
option(GW_TESTS "build the tests" ON)
set(GW_SANITIZE "" CACHE STRING "sanitizers: address,undefined or thread")
option(GW_FUZZ "build the fuzz targets (clang)" OFF)
option(GW_POISON "build glosswire-poisoned, too: some articles kill its workers, for fault tests" OFF)

add_library(gw_options INTERFACE)
target_compile_definitions(gw_options INTERFACE _GNU_SOURCE GW_VERSION="${PROJECT_VERSION}")
# No contraction: a fused multiply-add would make scores differ between processors.
target_compile_options(gw_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
                       -Werror -ffp-contract=off -fno-strict-aliasing)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(gw_options INTERFACE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE)
    target_link_options(gw_options INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(GW_SANITIZE)
    target_compile_options(gw_options INTERFACE -fsanitize=${GW_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all)
    target_link_options(gw_options INTERFACE -fsanitize=${GW_SANITIZE})
endif()
if(GW_FUZZ)
    target_compile_options(gw_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
