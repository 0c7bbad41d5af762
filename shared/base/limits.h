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
inline constexpr int connections_max = 20'000;
inline constexpr int upgrades_before_connect_per_address_max = 32;

// HTTP.
inline constexpr std::size_t http_head_bytes_max = 32 * KiB;
inline constexpr std::size_t http_target_bytes_max = 8 * KiB;
inline constexpr int http_keep_alive_idle_ms = 6'000;
inline constexpr int http_head_ms_max = 60'000;
inline constexpr int http_body_ms_max = 30'000;
inline constexpr int http_linger_ms = 1'000;                         // After a refusal that closes the connection.
inline constexpr std::size_t http_write_buffer_bytes_max = 8 * MiB;  // A stream's unread bytes, then its run is ended.
inline constexpr std::size_t chat_completions_body_bytes_max = 20 * MiB;
inline constexpr std::size_t embeddings_body_bytes_max = 5 * MiB;
inline constexpr int sse_keep_alive_ms = 15'000;

// WebSocket protocol (values that hello-ok.policy announces, and those the wire page names).
inline constexpr std::size_t frame_bytes_before_connect_max = 64 * KiB;
inline constexpr std::size_t frame_bytes_max = 25 * MiB;
inline constexpr std::size_t outbox_bytes_max = 50 * MiB;
inline constexpr int handshake_ms_max = 15'000;
inline constexpr int frames_while_connecting_max = 15;
inline constexpr int tick_ms = 30'000;
inline constexpr int ping_s = 25;
inline constexpr int pong_s = 25;
inline constexpr int health_refresh_ms = 60'000;
inline constexpr int close_grace_ms = 1'000;
inline constexpr int close_reason_bytes_max = 120;
inline constexpr int wrong_role_calls_max = 10;
inline constexpr int presence_age_ms_max = 300'000;
inline constexpr std::size_t presence_entries_max = 200;
inline constexpr std::size_t attachment_bytes_max = 19'464'192;
inline constexpr std::size_t attachment_image_bytes_max = 6 * MiB;

// Authentication.
inline constexpr int auth_attempts_max = 10;
inline constexpr int auth_attempts_window_ms = 60'000;
inline constexpr int auth_lockout_ms = 300'000;
inline constexpr int auth_failure_delay_ms_min = 250;
inline constexpr int auth_failure_delay_ms_max = 5'000;
inline constexpr std::size_t auth_tracked_keys_max = 10'000;

// Runs.
inline constexpr int run_seconds_max = 172'800;  // agents.defaults.timeoutSeconds
inline constexpr int agent_wait_ms = 30'000;     // agent.wait without timeoutMs
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

// Embeddings.
inline constexpr int embedding_inputs_max = 128;
inline constexpr std::size_t embedding_input_chars_max = 8'192;
inline constexpr std::size_t embedding_total_chars_max = 65'536;
inline constexpr int hash_embedding_dimensions = 384;
inline constexpr int embedding_dimensions_max = 8'192;

// Store.
inline constexpr int store_batch_max = 64;  // Units of work that share one commit.
inline constexpr std::size_t store_queue_max = 10'000;
inline constexpr int store_busy_ms = 5'000;

// Configuration files.
inline constexpr std::size_t config_file_bytes_max = 2 * MiB;
inline constexpr int config_include_depth_max = 10;

// Logs.
inline constexpr std::size_t log_file_bytes_max = 104'857'600;
inline constexpr int log_files_kept = 5;
inline constexpr int logs_tail_lines_max = 5'000;
inline constexpr int logs_tail_lines = 500;
inline constexpr std::size_t logs_tail_bytes_max = 1'000'000;
inline constexpr std::size_t logs_tail_bytes = 250'000;

// The loop.
inline constexpr int loop_turn_ms_warn = 50;

// Supervisor and worker.
inline constexpr int worker_start_ms_max = 20'000;  // From spawn to ready.
inline constexpr int worker_heartbeat_ms = 5'000;
inline constexpr int stop_drain_ms = 15'000;      // Runs may finish for so long when the service stops.
inline constexpr int stop_escalate_ms = 20'000;   // TERM to the worker's last deadline, then KILL.
inline constexpr int restart_delay_ms_min = 100;  // After the first, immediate restart.
inline constexpr int restart_delay_ms_max = 10'000;
inline constexpr int crash_tally_max = 5;             // Deaths before ready, or within crash_early_ms after it,
inline constexpr int crash_tally_window_ms = 60'000;  // in this window: held.
inline constexpr int crash_early_ms = 2'000;
inline constexpr std::size_t control_line_bytes_max = 1 * MiB;
inline constexpr int state_lock_ms_max = 5'000;
inline constexpr int state_lock_poll_ms = 100;

// Commands.
inline constexpr int command_timeout_ms = 3'000;
inline constexpr int agent_command_seconds = 600;

}  // namespace omenia::limits
