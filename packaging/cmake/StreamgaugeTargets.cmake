# SPDX-License-Identifier: GPL-3.0-or-later
# Every flag of the project is carried by one INTERFACE target; libraries and tests are declared by the helpers below.

add_library(streamgauge_flags INTERFACE)
target_compile_features(streamgauge_flags INTERFACE cxx_std_20)
target_compile_definitions(streamgauge_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER QT_NO_FOREACH QT_NO_KEYWORDS
    STREAMGAUGE_VERSION="${PROJECT_VERSION}")
target_compile_options(streamgauge_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wimplicit-fallthrough
    -fno-strict-aliasing
    # GCC 12 takes the temporaries of a QStringBuilder for uninitialised once they are inlined; the sanitizers find real ones.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    # Files that are compiled as one look like headers, whose classes must not have members of unnamed namespaces.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>
    $<$<BOOL:${STREAMGAUGE_WERROR}>:-Werror>)
target_include_directories(streamgauge_flags INTERFACE ${PROJECT_SOURCE_DIR})
set_target_properties(streamgauge_flags PROPERTIES INTERFACE_POSITION_INDEPENDENT_CODE ON)
if(STREAMGAUGE_SANITIZE)
    target_compile_options(streamgauge_flags INTERFACE -fsanitize=${STREAMGAUGE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    target_link_options(streamgauge_flags INTERFACE -fsanitize=${STREAMGAUGE_SANITIZE})
    target_compile_definitions(streamgauge_flags INTERFACE STREAMGAUGE_SANITIZED)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)

# Precompiling Qt's headers takes as long as compiling ten files, so it is done once for all targets without widgets and once
# for those with. A target may use what was precompiled with fewer macros than its own, so only the include folders of the
# libraries are used here.
if(STREAMGAUGE_PCH)
    file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "")
    function(streamgauge_precompiled name)
        cmake_parse_arguments(arg "" "" "LIBRARIES;HEADERS" ${ARGN})
        add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
        set_target_properties(${name} PROPERTIES AUTOMOC OFF)
        target_link_libraries(${name} PRIVATE streamgauge_flags Qt6::Core)
        foreach(library ${arg_LIBRARIES})
            target_include_directories(${name} SYSTEM PRIVATE $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
        endforeach()
        target_precompile_headers(${name} PRIVATE <memory> <optional> <vector> <functional> ${arg_HEADERS})
    endfunction()
    streamgauge_precompiled(precompiled_core LIBRARIES Qt6::Concurrent HEADERS <QtCore/QtCore>)
    streamgauge_precompiled(precompiled_widgets LIBRARIES Qt6::Concurrent Qt6::Gui Qt6::Widgets HEADERS <QtWidgets/QtWidgets>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(streamgauge_flags INTERFACE -fpch-preprocess) # ccache needs it to see what was precompiled
    endif()
endif()

function(streamgauge_precompile target)
    if(STREAMGAUGE_PCH)
        get_target_property(links ${target} LINK_LIBRARIES)
        if("Qt6::Widgets" IN_LIST links OR "ui" IN_LIST links)
            target_precompile_headers(${target} REUSE_FROM precompiled_widgets)
        else()
            target_precompile_headers(${target} REUSE_FROM precompiled_core)
        endif()
    endif()
endfunction()

# streamgauge_library(NAME SOURCES a.cpp … LINKS PUBLIC x PRIVATE y)
function(streamgauge_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC streamgauge_flags ${arg_LINKS})
    streamgauge_precompile(${name})
endfunction()

# streamgauge_test(tst_name [OWN_SERVER] SOURCES … LINKS … [LABELS unit|gui|server …] [TIMEOUT seconds])
# A test binary is tst_NAME built from its sources (default tst_NAME.cpp). GUI tests run offscreen.
# Label "server": needs a real server from tests/servers and is run after the servers are up. OWN_SERVER: and starts another for itself.
function(streamgauge_test name)
    cmake_parse_arguments(arg "OWN_SERVER" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
    if(NOT arg_SOURCES)
        set(arg_SOURCES ${name}.cpp)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    add_executable(${name} ${arg_SOURCES})
    # Moc for the one file that needs it: to search all of a test's files costs as much as compiling it.
    qt_generate_moc(${name}.cpp ${CMAKE_CURRENT_BINARY_DIR}/${name}.moc TARGET ${name})
    target_sources(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}.moc)
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE streamgauge_flags Qt6::Test test_support ${arg_LINKS})
    streamgauge_precompile(${name})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_LOGGING_RULES=qt.qpa.*=false;STREAMGAUGE_WORKER=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/streamgauge-worker")
    if(arg_OWN_SERVER) # beside the tests on the shared server, but two such servers never at once
        set_tests_properties(${name} PROPERTIES RESOURCE_LOCK own_server)
    elseif("server" IN_LIST arg_LABELS)
        set_tests_properties(${name} PROPERTIES RESOURCE_LOCK shared_server)
    endif()
endfunction()

# streamgauge_test_again(tst_name WAY ENVIRONMENT NAME=VALUE): the same program a second time, as tst_name_WAY, with the label WAY
# instead of its kind ("unit", "gui").
function(streamgauge_test_again name way)
    cmake_parse_arguments(arg "" "ENVIRONMENT" "" ${ARGN})
    add_test(NAME ${name}_${way} COMMAND ${name})
    get_test_property(${name} TIMEOUT timeout)
    get_test_property(${name} LABELS labels)
    get_test_property(${name} ENVIRONMENT environment)
    list(REMOVE_ITEM labels unit gui)
    set_tests_properties(${name}_${way} PROPERTIES TIMEOUT ${timeout} LABELS "${way};${labels}" ENVIRONMENT "${environment};${arg_ENVIRONMENT}")
    get_test_property(${name} RESOURCE_LOCK lock)
    if(lock)
        set_tests_properties(${name}_${way} PROPERTIES RESOURCE_LOCK ${lock})
    endif()
endfunction()
