# Programs that drive the real gateway over its port: the flow tests and the bench, both on the library in support/,
# and the check of our own rules in tidy/.

file(GLOB support_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/support/*.cpp)
list(FILTER support_sources EXCLUDE REGEX "(_main|_preload|next_release)\\.cpp$")
add_library(test_support STATIC ${support_sources})
target_link_libraries(test_support PUBLIC omenia_loop omenia_tls PkgConfig::SSL)
target_compile_definitions(test_support PRIVATE OMENIA_BUILD_DIR="${PROJECT_BINARY_DIR}"
                                                OMENIA_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(unit_config PRIVATE test_support)
if(OMENIA_SANITIZE)
  # What the sanitizers add makes GCC 12 take parts of std::regex for uninitialised.
  set_source_files_properties(support/prometheus.cpp tidy/words.cpp PROPERTIES COMPILE_OPTIONS -Wno-maybe-uninitialized)
endif()

add_executable(mock-upstream support/mock_upstream_main.cpp)
target_link_libraries(mock-upstream PRIVATE test_support)

# A program that starts the gateway needs it built, but links nothing of it.
function(omenia_driver name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE test_support)
  foreach(program cli supervisor worker)
    if(TARGET ${program})
      add_dependencies(${name} ${program})
    endif()
  endforeach()
endfunction()

# The programs as a later release: the version in an object of their own comes before the one in the library.
foreach(program cli supervisor worker)
  if(TARGET ${program})
    add_executable(next_${program} ${PROJECT_SOURCE_DIR}/${program}/main.cpp support/next_release.cpp)
    target_link_libraries(next_${program} PRIVATE omenia_${program})
    get_target_property(output ${program} OUTPUT_NAME)
    get_target_property(folder ${program} RUNTIME_OUTPUT_DIRECTORY)
    string(REPLACE ${PROJECT_BINARY_DIR} ${PROJECT_BINARY_DIR}/next-release folder ${folder})
    set_target_properties(next_${program} PROPERTIES OUTPUT_NAME ${output} RUNTIME_OUTPUT_DIRECTORY ${folder})
  endif()
endforeach()

file(GLOB flow_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/flow/*.cpp)
if(flow_sources)
  omenia_driver(flow_tests ${flow_sources})
  target_link_libraries(flow_tests PRIVATE GTest::gmock GTest::gtest_main)
  omenia_build_quickly(flow_tests)
  add_library(disk_fault MODULE ${CMAKE_CURRENT_SOURCE_DIR}/support/disk_fault_preload.cpp)
  target_link_libraries(disk_fault PRIVATE ${CMAKE_DL_LIBS})
  add_dependencies(flow_tests disk_fault)
  target_compile_definitions(flow_tests PRIVATE DISK_FAULT_LIBRARY="$<TARGET_FILE:disk_fault>")
  set_source_files_properties(flow/disk_faults.cpp PROPERTIES COMPILE_DEFINITIONS
                              IS_SANITIZED=$<BOOL:${OMENIA_SANITIZE}>)
  set_source_files_properties(flow/upgrade.cpp PROPERTIES COMPILE_DEFINITIONS
                              "THIS_RELEASE=\"${PROJECT_BINARY_DIR}\";NEXT_RELEASE=\"${PROJECT_BINARY_DIR}/next-release\"")
  add_dependencies(flow_tests next_cli next_supervisor next_worker)
  gtest_discover_tests(flow_tests TEST_PREFIX flow. DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 120)
endif()

# One file a published advisory against gateways of this kind: security/README.md.
file(GLOB security_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/security/*.cpp)
omenia_driver(security_tests ${security_sources})
target_link_libraries(security_tests PRIVATE GTest::gmock GTest::gtest_main)
omenia_build_quickly(security_tests)
gtest_discover_tests(security_tests TEST_PREFIX security. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)

file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/bench/*.cpp)
if(bench_sources)
  omenia_driver(bench_gateway ${bench_sources})
  set_target_properties(bench_gateway PROPERTIES EXCLUDE_FROM_ALL ON)
  target_link_libraries(bench_gateway PRIVATE omenia_state)
  target_compile_definitions(bench_gateway PRIVATE OMENIA_BUILD_DIR="${PROJECT_BINARY_DIR}")
  add_dependencies(bench_gateway mock-upstream)
endif()

# Minutes of work on its own: `make swap-test`.
file(GLOB swap_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/swap/*.cpp)
omenia_driver(swap_test ${swap_sources})
set_target_properties(swap_test PROPERTIES EXCLUDE_FROM_ALL ON)

# The same: `make crash-test`. It looks into the database when nobody else has it.
file(GLOB crash_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/crash/*.cpp)
omenia_driver(crash_test ${crash_sources})
target_link_libraries(crash_test PRIVATE PkgConfig::SQLITE)
set_target_properties(crash_test PROPERTIES EXCLUDE_FROM_ALL ON)

file(GLOB tidy_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tidy/*.cpp)
add_executable(tidy_tests ${tidy_sources})
target_link_libraries(tidy_tests PRIVATE GTest::gmock GTest::gtest_main)
omenia_build_quickly(tidy_tests)
target_compile_definitions(tidy_tests PRIVATE OMENIA_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
gtest_discover_tests(tidy_tests TEST_PREFIX tidy. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 60)
add_test(NAME tidy.format COMMAND ${PROJECT_SOURCE_DIR}/scripts/check-format WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(tidy.format PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 60)
