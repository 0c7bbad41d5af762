#pragma once
// Every maximum of the product, in one place. Units are in the names. A limit that an operator may change is a key in
// shared/config/keys.def and has its default here.

#include <cstddef>
#include <cstdint>

namespace omenia::limits {

inline constexpr std::size_t KiB = 1024;
inline constexpr std::size_t MiB = 1024 * KiB;

// JSON from outside.
inline constexpr int json_depth_max = 64;
inline constexpr std::size_t json_document_bytes_max = 26 * MiB;
inline constexpr std::size_t json_off_loop_bytes = 64 * KiB;  // Larger bodies are parsed on the pool.

// Listening and connections.
inline constexpr int listen_backlog = 4096;
inline constexpr int listen_addresses_max = 8;
inline constexpr int listen_retry_ms_max = 1'000;  // A predecessor that was killed may hold the port for a moment.
inline constexpr int listen_retry_poll_ms = 50;
inline constexpr int connections_max = 20'000;
inline constexpr unsigned descriptors_max = 22'000;  // Of a worker: connections, and its own files and calls.
inline constexpr int upgrades_before_connect_per_address_max = 32;

// HTTP.
inline constexpr std::size_t http_head_bytes_max = 32 * KiB;
inline constexpr std::size_t http_target_bytes_max = 8 * KiB;
inline constexpr int http_headers_max = 100;
inline constexpr std::size_t http_chunk_extension_bytes_max = 16 * KiB;  // Of one body, all chunks together.
inline constexpr std::size_t http_read_bytes_max = 64 * KiB;             // In one turn from one connection.
inline constexpr std::size_t http_pipelined_bytes_max = 64 * KiB;        // Kept while an answer is pending.
inline constexpr int http_keep_alive_idle_ms = 6'000;
inline constexpr int http_head_ms_max = 60'000;
inline constexpr int http_body_ms_max = 30'000;
inline constexpr int http_linger_ms = 1'000;                         // After a refusal that closes the connection.
inline constexpr std::size_t http_write_buffer_bytes_max = 8 * MiB;  // A stream's unread bytes, then its run is ended.
inline constexpr std::size_t http_write_queued_bytes = 64 * KiB;     // From here a writer is told "queued".
inline constexpr int http_write_stall_ms_max = 60'000;  // A client that reads nothing of what waits for it.
inline constexpr int http_drain_quiet_ms = 500;     // A draining server closes a connection that is silent for so long.
inline constexpr int http_accept_pause_ms = 500;    // After the system refused a descriptor.
inline constexpr int http_client_check_ms = 1'000;  // Is it still there, while we read nothing from it?
inline constexpr std::size_t request_id_chars_max = 128;  // Of a client's own; a longer one is not taken.
inline constexpr int cors_preflight_seconds = 600;        // A browser asks again after so long.
inline constexpr std::size_t chat_completions_body_bytes_max = 20 * MiB;
inline constexpr std::size_t responses_body_bytes_max = 20 * MiB;  // Holds any file or image of allowed size as base64.
inline constexpr std::size_t embeddings_body_bytes_max = 5 * MiB;
inline constexpr int sse_keep_alive_ms = 15'000;
inline constexpr int sse_keep_alive_ms_max = 600'000;

// What OpenAI-compatible clients send along.
inline constexpr std::size_t client_tools_max = 128;
inline constexpr std::size_t client_tools_bytes_max = 512 * KiB;  // Their definitions, all together.
inline constexpr std::size_t tool_name_chars_max = 64;
inline constexpr std::size_t tool_calls_max = 128;              // Of one answer.
inline constexpr std::size_t tool_arguments_piece_units = 256;  // UTF-16 units in one chunk of a stream.
inline constexpr std::size_t input_images_max = 8;
inline constexpr std::size_t input_images_bytes_max = 20 * MiB;
inline constexpr std::size_t input_image_bytes_max = 10 * MiB;
inline constexpr std::size_t input_files_max = 8;
inline constexpr std::size_t input_file_bytes_max = 5 * MiB;
inline constexpr std::int64_t input_file_chars_max = 60'000;
inline constexpr std::size_t input_items_max = 10'000;  // Of one /v1/responses request.
inline constexpr std::int64_t input_url_parts_max = 8;
inline constexpr std::size_t input_url_chars_max = 2'048;
inline constexpr std::int64_t fetch_redirects_max = 3;
inline constexpr std::int64_t fetch_ms_max = 10'000;
inline constexpr std::size_t tools_invoke_body_bytes_max = 2 * MiB;
inline constexpr std::size_t admin_rpc_body_bytes_max = 1 * MiB;
inline constexpr std::size_t ignored_body_bytes_max = 64 * KiB;  // Of a request that needs none.
inline constexpr std::size_t session_kill_body_bytes_max = 16 * KiB;
inline constexpr std::int64_t session_page_rows = 200;  // Of GET /sessions/{key}/history.
inline constexpr std::int64_t session_page_rows_max = 1'000;
inline constexpr std::size_t session_followers_max = 1'000;  // Streams that wait for more of a session's history.

// Webhooks.
inline constexpr std::size_t hook_body_bytes_max = 256 * KiB;
inline constexpr std::size_t hook_mappings_max = 200;
inline constexpr std::size_t hook_fan_out_max = 200;        // Actions of one request.
inline constexpr std::size_t hook_key_chars_max = 256;      // Of an idempotency key.
inline constexpr std::size_t hook_template_depth_max = 32;  // Steps of one path.
inline constexpr int hook_admission_ms = 15'000;            // Until a run has begun, else it does not.
inline constexpr int hook_fan_out_ms = 8'000;               // The same for all actions of one request.
inline constexpr std::int64_t hook_failures_max = 20;       // Wrong tokens of one address within the window.
inline constexpr std::int64_t hook_failures_window_ms = 60'000;
inline constexpr std::int64_t hook_lockout_ms = 60'000;

// Tools of agents.
inline constexpr int tool_ms_max = 30'000;
inline constexpr std::int64_t tool_sessions_max = 200;              // Rows of sessions_list.
inline constexpr std::int64_t tool_messages_max = 20;               // Of each row there.
inline constexpr std::size_t tool_history_bytes_max = 80 * KiB;     // Of sessions_history.
inline constexpr std::size_t tool_history_block_chars_max = 4'000;  // Of one text in it.

// TLS on the port.
inline constexpr int tls_sessions_max = 6'000;  // Each has some 20 KiB and, as a WebSocket, two more descriptors.
inline constexpr int tls_handshake_ms_max = 10'000;
inline constexpr std::size_t tls_replies_bytes_max = 64 * KiB;  // That the library gives by itself, on one connection.
inline constexpr int tls_files_look_ms = 1'000;                // Between two looks whether the certificate was renewed.
inline constexpr int tls_certificate_days = 3'650;             // Of one that the gateway makes.
inline constexpr std::size_t tls_relay_bytes_max = 256 * KiB;  // Waiting for one side, then the other is not read.
inline constexpr int tls_relay_end_ms = 5'000;  // For the client to take what is left when its WebSocket has ended.

// WebSocket protocol (values that hello-ok.policy announces, and those the wire page names).
inline constexpr std::size_t frame_bytes_before_connect_max = 64 * KiB;
inline constexpr std::size_t frame_bytes_max = 25 * MiB;
inline constexpr std::size_t outbox_bytes_max = 50 * MiB;
inline constexpr int handshake_ms_max = 15'000;
inline constexpr int tick_ms = 30'000;
inline constexpr int ping_ms = 25'000;
inline constexpr int ping_late_ms = 1'000;  // A loop that was busy for so long has not read the answers yet.
inline constexpr int health_refresh_ms = 60'000;
inline constexpr int close_grace_ms = 1'000;
inline constexpr int close_reason_bytes_max = 120;
inline constexpr int wrong_role_calls_max = 10;        // In a row, then the connection is closed.
inline constexpr std::size_t calls_waiting_max = 256;  // Requests of one connection that are not answered yet.
inline constexpr int presence_age_ms_max = 300'000;
inline constexpr std::size_t presence_entries_max = 200;
inline constexpr int presence_pace_ms = 100;  // Between two lists: who comes and goes meanwhile is told of together.
inline constexpr std::size_t attachment_bytes_max = 19'464'192;
inline constexpr std::size_t attachment_image_bytes_max = 6 * MiB;

// Authentication.
inline constexpr int auth_attempts_max = 10;
inline constexpr int auth_attempts_window_ms = 60'000;
inline constexpr int auth_lockout_ms = 300'000;
inline constexpr int auth_failure_delay_ms_min = 250;
inline constexpr int auth_failure_delay_ms_max = 5'000;
inline constexpr std::size_t auth_tracked_keys_max = 10'000;

// Devices and nodes.
inline constexpr std::int64_t devices_max = 5'000;
inline constexpr std::int64_t pairing_requests_max = 200;       // The oldest is forgotten then.
inline constexpr std::int64_t pairing_request_ms = 86'400'000;  // An unanswered one is forgotten.
inline constexpr std::int64_t setup_codes_max = 20;             // Not used yet.
inline constexpr std::int64_t setup_code_ms = 600'000;
inline constexpr std::size_t node_commands_max = 256;
inline constexpr std::size_t node_invocations_max = 64;  // Of one node, not answered yet.
inline constexpr int node_invoke_ms = 30'000;            // node.invoke without timeoutMs
inline constexpr int node_invoke_ms_max = 600'000;
inline constexpr std::int64_t node_work_ms_min = 1'000;
inline constexpr std::int64_t node_work_ms_max = 86'400'000;
inline constexpr int frames_while_connecting_max = 15;  // Then the connection is closed.
inline constexpr int handshake_decisions_max = 3;       // When its device keeps changing meanwhile.

// Runs.
inline constexpr int run_seconds_max = 172'800;  // agents.defaults.timeoutSeconds
inline constexpr int agent_wait_ms = 30'000;     // agent.wait without timeoutMs
inline constexpr int turn_unstored_ms = 20;      // A one-off that lasts longer is in the store before its end.
inline constexpr int agent_wait_ms_max = 24 * 3600 * 1000;
inline constexpr std::size_t lane_queue_max = 100;         // Runs that wait for one session.
inline constexpr std::size_t runs_active_max = 512;        // Accepted and not finished, all sessions together.
inline constexpr std::size_t message_bytes_max = 1 * MiB;  // Text of one inbound message.
inline constexpr std::size_t session_key_chars_max = 512;
inline constexpr int chat_delta_ms = 75;             // Pace of chat deltas after the first.
inline constexpr int history_window_messages = 200;  // Entries that a prompt may carry.
inline constexpr std::size_t history_window_bytes = 512 * KiB;
inline constexpr std::size_t history_answer_bytes_max = 6 * MiB;
inline constexpr int dedupe_ms = 300'000;

// Model providers.
inline constexpr int provider_connect_ms = 10'000;
inline constexpr int provider_first_byte_ms = 120'000;
inline constexpr int provider_first_byte_local_ms = 300'000;  // A local server may load its model first.
inline constexpr int provider_idle_ms = 120'000;
inline constexpr int provider_attempts_max = 2;
inline constexpr int provider_retry_window_ms = 10'000;
inline constexpr int provider_retry_delay_ms = 500;
inline constexpr std::size_t provider_answer_bytes_max = 16 * MiB;
inline constexpr std::size_t provider_error_bytes_max = 16 * KiB;
inline constexpr std::size_t sse_line_bytes_max = 4 * MiB;

inline constexpr std::size_t provider_stream_bytes_max = 256 * MiB;  // All of an answer's bytes, reasoning included.
inline constexpr std::size_t provider_said_chars_max = 300;          // Of a server's error text in our message.
inline constexpr int echo_pieces_max = 64;                           // Of one answer of builtin/echo.

// Requests of ours to others.
inline constexpr std::size_t outbound_head_bytes_max = 64 * KiB;
inline constexpr std::size_t outbound_buffer_bytes_max = 64 * KiB;  // Unread bytes of an answer, then its sender waits.
inline constexpr std::size_t outbound_read_bytes = 16 * KiB;        // Of one receive.
inline constexpr std::size_t outbound_connections_kept_max = 64;    // Idle ones, for the next request.
inline constexpr std::size_t outbound_handles_kept_max = 32;
inline constexpr int outbound_retire_ms = 1'000;  // For the end of an answer that nobody reads any more.
inline constexpr std::size_t outbound_retired_max = 64;

// Embeddings.
inline constexpr int embedding_inputs_max = 128;
inline constexpr std::size_t embedding_input_chars_max = 8'192;
inline constexpr std::size_t embedding_total_chars_max = 65'536;
inline constexpr int hash_embedding_dimensions = 384;
inline constexpr int embedding_dimensions_max = 8'192;

// Store.
inline constexpr int store_batch_max = 64;  // Units of work that share one commit.
inline constexpr std::size_t store_queue_max = 10'000;
inline constexpr int store_unsynced_ms = 20;        // What is answered before it is synced waits no longer for it.
inline constexpr int store_idle_ms = 5;             // Without work, before the writer looks after what can wait.
inline constexpr int store_noted_ms = 5;            // What is in the journal waits no longer for the writer.
inline constexpr std::size_t store_noted_max = 32;  // Nor do more turns than these.
inline constexpr std::size_t store_turns_at_a_stretch = 4;  // Then others may use the processor.
inline constexpr int store_again_ms = 1'000;                // Before what the store did not take is given to it again.
inline constexpr std::size_t journal_half_bytes = 1 * MiB;
inline constexpr std::size_t journal_record_bytes_max = 256 * KiB;
inline constexpr std::int64_t store_words_max = 200;  // Entries whose words are found at once by later searches.
inline constexpr std::int64_t store_words_bytes_max = 1 << 20;  // Of them in one transaction; other writes wait for it.
inline constexpr std::size_t aside_queue_max = 64;              // Writes of the configuration's files that wait.
inline constexpr int store_busy_ms = 5'000;
inline constexpr int store_retry_ms = 5'000;          // Advice to who was refused for the disk's sake.
inline constexpr int store_cache_kib = 512;           // Pages kept in memory, a connection.
inline constexpr int store_checkpoint_pages = 1'000;  // Of the log, before it is moved into the file.
inline constexpr int store_log_pages_max = 8'000;     // Then the writer waits for the readers.
inline constexpr std::size_t store_log_bytes_kept = 4 * MiB;
inline constexpr std::int64_t store_rows_max = 10'000;  // Rows of one answer.
inline constexpr int usage_rows_max = 20'000;           // Of one report: a session's day with one model is a row.
inline constexpr std::int64_t idempotency_age_ms_max =
    86'400'000;                                        // A repeated call gets its first answer for so long.
inline constexpr std::size_t keyed_calls_max = 4'096;  // Under way at once.
inline constexpr std::int64_t system_events_max = 20;  // Waiting in one session; the oldest goes.
inline constexpr std::size_t system_event_bytes_max = 16 * KiB;
inline constexpr std::size_t session_groups_max = 200;
inline constexpr int session_stop_ms_max = 5'000;  // A session that is reset or deleted waits for its stopped runs.
inline constexpr int model_probe_ms = 15'000;
inline constexpr int model_probe_ms_max = 120'000;
inline constexpr std::int64_t model_probe_tokens_max = 16;
inline constexpr std::int64_t message_read_chars_max = 2'000'000;  // chat.message.get.
inline constexpr std::int64_t preview_chars = 240;
inline constexpr std::size_t title_chars_max = 60;
inline constexpr std::int64_t search_query_chars_max = 4'096;
inline constexpr std::size_t search_words_max = 32;
inline constexpr std::int64_t search_results_max = 25;
inline constexpr std::int64_t search_sessions_max = 200;
inline constexpr std::int64_t transcript_orphaned_ms = 2'592'000'000;  // Without a session, then cleanup removes it.
inline constexpr std::size_t store_window_bytes_max = 16 * MiB;        // Bodies of one window of entries.

// Configuration files.
inline constexpr std::size_t config_file_bytes_max = 2 * MiB;
inline constexpr std::size_t config_issues_max = 100;     // Told at once; more are counted.
inline constexpr std::size_t config_text_chars_max = 80;  // Of a name that a message repeats.
inline constexpr int config_backups = 5;
inline constexpr std::size_t config_shrink_bytes_min = 512;  // A file of at least this size may not shrink by half.
inline constexpr int config_include_depth_max = 10;
inline constexpr std::size_t config_includes_max = 100;            // Of one configuration, all depths together.
inline constexpr std::size_t config_included_bytes_max = 8 * MiB;  // All of them together.
inline constexpr std::size_t config_include_path_chars_max = 4'095;
inline constexpr std::size_t config_rejected_kept = 32;     // Refused texts beside the file; older ones go.
inline constexpr std::size_t config_patch_paths_max = 256;  // replacePaths of one config.patch.
inline constexpr int control_writes_max = 30;               // Of one client and method within the window.
inline constexpr std::int64_t control_writes_window_ms = 60'000;
inline constexpr std::size_t dotenv_bytes_max = 256 * KiB;

// Changes of configuration files.
inline constexpr int config_settle_ms = 300;          // Without a further change, before one is looked at.
inline constexpr int config_settle_ms_max = 2'000;    // Of a file that keeps changing, or has vanished.
inline constexpr int config_poll_ms = 1'000;          // Where the system does not tell of changes.
inline constexpr int config_watched_files_max = 128;  // Includes and .env files too.
inline constexpr int config_changes_told_max = 100;   // Of one plan; more are counted.

// Logs.
inline constexpr std::size_t log_file_bytes_max = 104'857'600;
inline constexpr int log_files_kept = 5;
inline constexpr std::size_t log_queue_lines_max = 1'024;       // Not yet written; then the oldest is lost.
inline constexpr std::size_t log_message_bytes_max = 16 * KiB;  // The rest of a longer message is cut off.
inline constexpr std::size_t supervisor_log_queue_lines_max = 128;
inline constexpr int log_flush_ms_max = 4'000;
inline constexpr int log_console_ms_max = 100;  // A terminal that does not take a line for so long loses it.
inline constexpr int logs_tail_lines_max = 5'000;
inline constexpr int logs_tail_lines = 500;
inline constexpr std::size_t logs_tail_bytes_max = 1'000'000;
inline constexpr std::size_t logs_tail_bytes = 250'000;

// The loop.
inline constexpr int loop_turn_ms_warn = 50;
inline constexpr int loop_busy_poll_us = 100;             // Where turns follow each other closely.
inline constexpr std::size_t stability_events_max = 512;  // Then the oldest is forgotten.

// Supervisor and worker.
inline constexpr int worker_start_ms_max = 20'000;  // From spawn to ready.
inline constexpr int worker_heartbeat_ms = 5'000;
inline constexpr int worker_silent_ms_max = 60'000;     // Without a heartbeat after the first one: it hangs.
inline constexpr int stop_drain_ms = 15'000;            // Runs may finish for so long when the service stops.
inline constexpr int stop_close_ms = 3'000;             // For telling clients and closing, after the drain.
inline constexpr int swap_drain_ms = 300'000;           // Runs may go on for so long in a worker that was replaced.
inline constexpr int draining_workers_max = 3;          // At once; the oldest leaves when there is one more.
inline constexpr int swap_restart_expected_ms = 1'500;  // What clients are told to expect.
inline constexpr std::size_t relay_piece_bytes_max = 64 * KiB;  // Of a text, in one message.
inline constexpr std::size_t relay_entry_bytes_max =
    256 * KiB;                                      // Larger ones are read from the store by who wants them.
inline constexpr int lane_recheck_ms = 1'000;       // Of a session's lane that another worker has.
inline constexpr int worker_leave_ms_max = 5'000;   // From the word to leave at once to KILL.
inline constexpr int stop_escalate_ms = 20'000;     // TERM to the worker's last deadline, then KILL.
inline constexpr int renewal_check_ms_max = 5'000;  // For the new supervisor's word that it can go on from here.
inline constexpr int renewal_ms_max = 60'000;       // Until nothing is under way, from the wish to be replaced.
inline constexpr int renewal_poll_ms = 10;
inline constexpr int worker_capture_ms = 1'000;      // For writing where a silent worker stands, before it is killed.
inline constexpr int handover_ms_max = 5'000;        // For a running supervisor's answer to who wants its port.
inline constexpr int stranger_end_grace_ms = 2'000;  // --force: from TERM to KILL of who holds the port,
inline constexpr int stranger_end_ms_max = 3'000;    // and from KILL until the port is free.
inline constexpr int stranger_end_poll_ms = 50;
inline constexpr std::size_t command_callers_max = 16;  // Of the supervisor's socket, at once.
inline constexpr int held_accept_pause_ms = 1'000;      // After the system had no descriptor for a caller.
inline constexpr int restart_delay_ms_min = 100;        // After the first, immediate restart.
inline constexpr int restart_delay_ms_max = 10'000;
inline constexpr int crash_tally_max = 5;             // Deaths before ready, or within crash_early_ms after it,
inline constexpr int crash_tally_window_ms = 60'000;  // in this window: held.
inline constexpr int crash_early_ms = 2'000;
inline constexpr std::size_t control_line_bytes_max = 1 * MiB;
inline constexpr std::size_t control_outbox_bytes_max = 4 * MiB;
inline constexpr std::size_t launch_document_bytes_max = 256 * KiB;
inline constexpr int health_probe_ms_max = 1'000;  // Of a gateway that holds our port.
inline constexpr int held_connections_max = 64;
inline constexpr std::size_t held_request_bytes_max = 8 * KiB;
inline constexpr int held_connection_ms_max = 5'000;
inline constexpr int state_lock_ms_max = 5'000;
inline constexpr int state_lock_poll_ms = 100;

// Commands.
inline constexpr int command_timeout_ms = 3'000;  // Until the gateway has said hello.
inline constexpr int command_call_ms = 10'000;    // One answer of a gateway that has.
inline constexpr int agent_command_seconds = 600;

}  // namespace omenia::limits
