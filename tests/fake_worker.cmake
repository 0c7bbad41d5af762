# The worker's stand-in for the supervisor's tests, and the test library for the parts that are tested with processes,
# files and ports.
add_executable(fake_worker ${CMAKE_CURRENT_LIST_DIR}/support/fake_worker_main.cpp)
target_link_libraries(fake_worker PRIVATE omenia_loop)
target_compile_definitions(unit_supervisor PRIVATE FAKE_WORKER="$<TARGET_FILE:fake_worker>"
                           SUPERVISOR="$<TARGET_FILE:supervisor>")
add_dependencies(unit_supervisor fake_worker supervisor)
target_link_libraries(unit_supervisor PRIVATE test_support)
target_link_libraries(unit_log PRIVATE test_support)
